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

/** A whole number from 0 on, in digits alone: an empty text is none. */
export function parseCount(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError("It is not a whole number from 0 on.");
}

const highestPort = 65_535;

/** A port number; 0 asks for a free one. */
export function parsePort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= highestPort) return Number(text);
  throw new InvalidArgumentError(`a port is a number from 0 to ${highestPort}`);
}
