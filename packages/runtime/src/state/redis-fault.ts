/**
 * What is told of a Redis that refused a command, or broke the connection (row S13). Its own sentences may quote what it was
 * sent (of a command that it lacks it repeats the beginning), so of those only the word that they begin with is told.
 */
import { faultFields } from "@lmos/primitives";

/** The words that Redis, Valkey and their clusters begin an error with. */
const replyCodes: ReadonlySet<string> = new Set([
  "ASK",
  "BUSY",
  "BUSYGROUP",
  "BUSYKEY",
  "CLUSTERDOWN",
  "CROSSSLOT",
  "ERR",
  "EXECABORT",
  "INPROG",
  "IOERR",
  "LOADING",
  "MASTERDOWN",
  "MISCONF",
  "MOVED",
  "NOAUTH",
  "NOGOODSLAVE",
  "NOPERM",
  "NOPROTO",
  "NOREPLICAS",
  "NOSCRIPT",
  "NOTREADY",
  "OOM",
  "READONLY",
  "TRYAGAIN",
  "UNBLOCKED",
  "WRONGPASS",
  "WRONGTYPE",
]);

/** One of few texts, or one of ours or the system's. */
export function redisFault(error: unknown): string {
  const [word = ""] = error instanceof Error ? error.message.split(/\s/, 1) : [];
  return replyCodes.has(word) ? `it says ${word}` : String(faultFields(error)["error"]);
}
