/** Single keys of a terminal, without waiting for a line's end. */

import type { ReadStream } from "node:tty";
import { whenAborted } from "@lmos/primitives";

/**
 * Keys as they are pressed; Ctrl-C comes as `\u0003`. Nothing is read, and the terminal stays as it is, until the
 * first key is asked for; it is put back when reading ends.
 */
export async function* readKeyboard(input: ReadStream, signal: AbortSignal): AsyncGenerator<string> {
  input.setRawMode(true).setEncoding("utf8").resume();
  const ended = whenAborted(signal).then(() => undefined);
  try {
    while (!signal.aborted) {
      const key = await Promise.race([nextKey(input), ended]);
      if (key === undefined) return;
      yield key;
    }
  } finally {
    input.setRawMode(false).pause();
  }
}

function nextKey(input: ReadStream): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  input.once("data", (data: string | Buffer) => resolve(String(data)));
  input.once("end", () => resolve(undefined));
  return promise;
}
