/** The lines of a file or of stdin, without reading all of it at once. */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { CliError } from "./errors.ts";

/** Lines in order, without their ends; `-` is stdin. */
export async function* readLines(path: string, signal: AbortSignal): AsyncGenerator<string> {
  const input = path === "-" ? process.stdin : createReadStream(path, { encoding: "utf8", signal });
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      signal.throwIfAborted();
      yield line;
    }
  } catch (cause) {
    signal.throwIfAborted();
    throw new CliError("Usage", `${path} cannot be read: name a text file`, { cause });
  }
}
