/**
 * How an error that nobody foresaw is logged (row S13). Its message may quote what it stumbled over, and that may be a user's:
 * a parser of JSON does so. Messages of our own and of the system are texts of ours; of any other error the log has its kind
 * and the places that it came through.
 */
import { isLmosError } from "./error.ts";
import { isRecord } from "./json.ts";
import type { LogFields } from "./logger.ts";

/** Places of a stack that are logged. */
const maxPlaces = 5;

/** What a log line says of it. */
export function faultFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: `thrown: ${typeof error}` };
  if (isLmosError(error) || isSystemError(error)) return { error: error.message };
  return { error: [wordOr(error.name, "Error"), ...codesOf(error)].join(" "), at: placesOf(error) };
}

/** Its code, and SQLite's number. */
function codesOf(error: Error): readonly string[] {
  const code = "code" in error ? [wordOr(String(error.code), "(a code that is no word)")] : [];
  return "errcode" in error && typeof error.errcode === "number" ? [...code, `${error.errcode}`] : code;
}

/** Names and codes are words; what is none may be anything. */
function wordOr(text: string, instead: string): string {
  return /^\w{1,64}$/.test(text) ? text : instead;
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
