/** The lines of a file or of standard input, without reading all of it at once. */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { CliError } from "./errors.ts";

/** Lines in order, without their ends; `-` is `input`. Throws CliError `Usage`, or what aborted the signal. */
export async function* readLines(
  path: string,
  { input, signal }: { readonly input: Readable; readonly signal: AbortSignal },
): AsyncGenerator<string> {
  const source = path === "-" ? input : createReadStream(path, { encoding: "utf8", signal });
  // The signal ends the wait for a line that nobody writes.
  const lines = createInterface({ input: source, crlfDelay: Number.POSITIVE_INFINITY, signal });
  try {
    for await (const line of lines) {
      signal.throwIfAborted();
      yield line;
    }
    signal.throwIfAborted();
  } catch (cause) {
    signal.throwIfAborted();
    throw new CliError("Usage", `${path} cannot be read: name a text file`, { cause });
  }
}
