/**
 * How an error that nobody foresaw is logged (row S13). Its message may quote what it stumbled over, and that may be a user's:
 * a parser of JSON does so. Messages of our own and of the system are texts of ours; of any other error the log has its kind
 * and the places that it came through.
 */
import { isLmosError, isRecord, type LogFields } from "@lmos/primitives";
import { loggable } from "./loggable.ts";

/** Places of a stack that are logged. */
const maxPlaces = 5;

/** What a log line says of it. */
export function faultFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: `thrown: ${typeof error}` };
  if (isLmosError(error) || isSystemError(error)) return { error: error.message };
  const code = "code" in error ? ` ${loggable(String(error.code))}` : "";
  return { error: `${loggable(error.name)}${code}`, at: placesOf(error) };
}

/** Of the operating system, whose messages name calls, addresses and files. */
function isSystemError(error: Error): boolean {
  return isRecord(error) && typeof error["syscall"] === "string" && typeof error["errno"] === "number";
}

/** The stack without its head, which is the message: all of that, for it may look like places. */
function placesOf({ name, message, stack = "" }: Error): readonly string[] {
  const head = message === "" ? name : `${name}: ${message}`;
  if (!stack.startsWith(head)) return [];
  const places = stack.slice(head.length).split("\n");
  return places
    .map((line) => line.trim())
    .filter((line) => line.startsWith("at "))
    .slice(0, maxPlaces);
}
