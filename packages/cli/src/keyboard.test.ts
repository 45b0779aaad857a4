import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { readKeyboard } from "./keyboard.ts";

/** A terminal on which the test types. */
class FakeTerminal extends PassThrough {
  readonly modes: boolean[] = [];

  setRawMode(isRaw: boolean): void {
    this.modes.push(isRaw);
  }
}

async function type(terminal: FakeTerminal, keys: AsyncGenerator<string>, typed: string): Promise<string> {
  let read = "";
  for (const key of typed) {
    const next = keys.next();
    terminal.write(key);
    read += (await next).value;
  }
  return read;
}

describe("keys", () => {
  it("come one by one, and nothing is read before the first is asked for", async () => {
    const terminal = new FakeTerminal();
    const keys = readKeyboard(terminal, new AbortController().signal);
    expect(terminal.modes).toEqual([]);
    expect(await type(terminal, keys, "ab\u0003")).toBe("ab\u0003");
    await keys.return(undefined);
    expect(terminal.modes).toEqual([true, false]);
  });

  it("leave no listener behind, however many come", async () => {
    const terminal = new FakeTerminal();
    const before = terminal.listenerCount("end") + terminal.listenerCount("data");
    const keys = readKeyboard(terminal, new AbortController().signal);
    await type(terminal, keys, "x".repeat(50));
    expect(terminal.listenerCount("end") + terminal.listenerCount("data")).toBe(before);
    await keys.return(undefined);
  });

  it("end with the terminal", async () => {
    const terminal = new FakeTerminal();
    const keys = readKeyboard(terminal, new AbortController().signal);
    const next = keys.next();
    terminal.end();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(terminal.modes).toEqual([true, false]);
  });

  it("end when the user stops it otherwise, and the terminal is put back", async () => {
    const terminal = new FakeTerminal();
    const stop = new AbortController();
    const next = readKeyboard(terminal, stop.signal).next();
    stop.abort();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(terminal.modes).toEqual([true, false]);
  });
});
