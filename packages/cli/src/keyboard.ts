/** Single keys of a terminal, without waiting for a line's end. */

import type { Readable } from "node:stream";
import { whenAborted } from "@lmos/primitives";

/** What is used of a terminal. */
interface Keys extends Pick<Readable, "setEncoding" | "resume" | "pause" | "once" | "off"> {
  setRawMode(isRaw: boolean): unknown;
}

/**
 * Keys as they are pressed; Ctrl-C comes as `\u0003`. Nothing is read, and the terminal stays as it is, until the
 * first key is asked for; it is put back when reading ends.
 */
export async function* readKeyboard(input: Keys, signal: AbortSignal): AsyncGenerator<string> {
  input.setRawMode(true);
  input.setEncoding("utf8").resume();
  const ended = whenAborted(signal).then(() => undefined);
  try {
    while (!signal.aborted) {
      const key = await Promise.race([nextKey(input), ended]);
      if (key === undefined) return;
      yield key;
    }
  } finally {
    input.setRawMode(false);
    input.pause();
  }
}

/** Undefined at the end. No listener is left behind, however many keys are asked for. */
function nextKey(input: Keys): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const onKey = (data: string | Buffer): void => settle(String(data));
  const onEnd = (): void => settle(undefined);
  const settle = (key: string | undefined): void => {
    input.off("data", onKey).off("end", onEnd);
    resolve(key);
  };
  input.once("data", onKey).once("end", onEnd);
  return promise;
}
