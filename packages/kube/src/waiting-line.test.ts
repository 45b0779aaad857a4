import { describe, expect, it } from "vitest";
import { WaitingLine } from "./waiting-line.ts";

const { signal } = new AbortController();

/** A line in which these wait; `woken` names those who were woken, in order. */
function lineOf(...names: readonly string[]): { readonly line: WaitingLine; readonly woken: string[] } {
  const line = new WaitingLine();
  const woken: string[] = [];
  for (const name of names) void line.join({ signal }).then(() => woken.push(name));
  return { line, woken };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("a waiting line", () => {
  it("wakes one at a time, the first that came first", async () => {
    const { line, woken } = lineOf("a", "b", "c");
    line.wakeOne();
    await settled();
    expect([woken, line.length]).toEqual([["a"], 2]);
    line.wakeOne();
    line.wakeOne();
    await settled();
    expect([woken, line.length]).toEqual([["a", "b", "c"], 0]);
  });

  it("does nothing where nobody waits, and keeps no call for later", async () => {
    const { line, woken } = lineOf();
    line.wakeOne();
    void line.join({ signal }).then(() => woken.push("late"));
    await settled();
    expect([woken, line.length]).toEqual([[], 1]);
  });

  it("lets those go whose signal is aborted, before or while they wait", async () => {
    const line = new WaitingLine();
    await line.join({ signal: AbortSignal.abort() });
    const stop = new AbortController();
    const waiting = line.join({ signal: stop.signal });
    stop.abort();
    await waiting;
    expect(line.length).toBe(0);
  });

  it("lets all go who wait with the aborted signal, and nobody else", async () => {
    const line = new WaitingLine();
    const stop = new AbortController();
    const gone = ["a", "b"].map(() => line.join({ signal: stop.signal }));
    const { signal: other } = new AbortController();
    void line.join({ signal: other });
    stop.abort();
    await Promise.all(gone);
    expect(line.length).toBe(1);
  });

  it("listens once to a signal, however often and however many wait with it", async () => {
    const line = new WaitingLine();
    const { signal: watched } = new AbortController();
    let listeners = 0;
    const { addEventListener } = watched;
    watched.addEventListener = (...given: Parameters<typeof addEventListener>) => {
      listeners += 1;
      addEventListener.apply(watched, given);
    };
    for (let round = 0; round < 3; round += 1) {
      const waiting = [line.join({ signal: watched }), line.join({ signal: watched })];
      line.wakeOne();
      line.wakeOne();
      await Promise.all(waiting);
    }
    expect(listeners).toBe(1);
  });
});
