/** Numbers of the command line. */
import { InvalidArgumentError } from "commander";

/** Any finite number. */
export function parseFinite(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new InvalidArgumentError("It is not a number.");
  return value;
}

/** A number from 0 to 1. */
export function parseShare(text: string): number {
  const value = parseFinite(text);
  if (value < 0 || value > 1) throw new InvalidArgumentError("It is not between 0 and 1.");
  return value;
}
