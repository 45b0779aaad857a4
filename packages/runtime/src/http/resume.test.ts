/** D15: a stream that is cut and resumed, at any place and any number of times, tells the same as one that isn't. */
import { FakeClock } from "@lmos/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { startFakeAgent } from "../testing/fake-agent.ts";
import { routingOf } from "../testing/routings.ts";
import { messageBody, postMessage, startTestRuntime } from "../testing/running-runtime.ts";
import { turnOf } from "../testing/turns.ts";
import type { TurnEvent } from "../turn/turn.ts";
import { ResumableTurns } from "./resumable-turns.ts";

const { signal } = new AbortController();

function textOf(events: readonly TurnEvent[]): string {
  return events.map((event) => (event.kind === "text-delta" ? event.text : "")).join("");
}

/** Reads that many at most, and leaves. */
async function take(events: AsyncGenerator<TurnEvent, void>, count: number): Promise<readonly TurnEvent[]> {
  const taken: TurnEvent[] = [];
  while (taken.length < count) {
    const next = await events.next();
    if (next.done === true) break;
    taken.push(next.value);
  }
  await events.return();
  return taken;
}

async function* pieces(count: number): AsyncGenerator<TurnEvent> {
  for (let i = 0; i < count; i++) yield { kind: "text-delta", text: `<${i}>` };
}

describe("a resumable turn", () => {
  test("cut at random places, loses and repeats nothing (1,000 cuts)", async () => {
    const whole = Array.from({ length: 40 }, (_, i) => `<${i}>`).join("");
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(8), { minLength: 10, maxLength: 10 }), async (lengths) => {
        using turns = new ResumableTurns(new FakeClock(), { bufferedBytes: 300, resumeMs: 1000 });
        const seen: TurnEvent[] = [];
        let events: AsyncGenerator<TurnEvent, void> | undefined = turns.start(turnOf(), () => pieces(40), {
          signal,
        });
        for (const length of [...lengths, 100]) {
          if (events === undefined) throw new Error("cannot be resumed");
          seen.push(...(await take(events, length)));
          events = turns.resume(turnOf(), { afterId: seen.length, signal });
        }
        expect(textOf(seen)).toBe(whole);
      }),
      { numRuns: 100 },
    );
  });

  test("waits for its reader when the buffer is full, and no longer than it may", async () => {
    const clock = new FakeClock();
    using turns = new ResumableTurns(clock, { bufferedBytes: 300, resumeMs: 1000 });
    const left = Promise.withResolvers<void>();
    let made = 0;
    async function* run(abandoned: AbortSignal): AsyncGenerator<TurnEvent> {
      try {
        for (; !abandoned.aborted; made++) yield { kind: "text-delta", text: "x".repeat(50) };
      } finally {
        left.resolve();
      }
    }
    const events = turns.start(turnOf(), run, { signal });
    await events.next();
    await events.return();
    const ahead = made;
    expect(ahead).toBeLessThan(10);
    await clock.advance(1000);
    await left.promise;
    expect(made).toBeLessThanOrEqual(ahead + 2);
  });

  test("is nobody else's, and is forgotten after its time", async () => {
    const clock = new FakeClock();
    using turns = new ResumableTurns(clock, { bufferedBytes: 300, resumeMs: 1000 });
    for await (const _ of turns.start(turnOf(), () => pieces(3), { signal }));
    const resume = (overrides: object): unknown => turns.resume(turnOf(overrides), { afterId: 1, signal });
    for (const other of [{ tenant: "b" }, { userId: "u2" }, { conversationId: "c2" }, { turnId: "t2" }]) {
      expect(resume(other)).toBeUndefined();
    }
    expect(turns.resume(turnOf(), { afterId: 9, signal })).toBeUndefined();
    expect(resume({})).toBeDefined();
    await clock.advance(1000);
    expect(resume({})).toBeUndefined();
  });
});

test("a thousand are kept at once, those whose turn id was used again included", async () => {
  const clock = new FakeClock();
  using turns = new ResumableTurns(clock, { bufferedBytes: 300, resumeMs: 1000 });
  for (let each = 0; each < 1000; each++) {
    expect(turns.isFull).toBe(false);
    for await (const _ of turns.start(turnOf(), () => pieces(1), { signal }));
  }
  expect(turns.isFull).toBe(true);
  await clock.advance(1000);
  expect(turns.isFull).toBe(false);
});

describe("over HTTP", () => {
  const resumable = { accept: "text/event-stream", "x-lmos-resumable": "true" };

  test("a cut stream goes on where it was cut", async () => {
    await using agent = await startFakeAgent();
    await using running = await startTestRuntime({
      objects: [routingOf([{ name: "agent-0", host: `127.0.0.1:${agent.port}` }])],
    });
    const cut = new AbortController();
    const first = await postMessage(running, messageBody("!wait"), {
      headers: resumable,
      signal: cut.signal,
    });
    const reader = first.body?.getReader();
    await reader?.read();
    await agent.whenSeen(({ frame }) => frame?.["type"] === "subscribe");
    cut.abort();
    agent.release();
    const headers = { ...resumable, "last-event-id": "1" };
    const text = await (await postMessage(running, messageBody("!wait"), { headers })).text();
    expect(text.match(/^id: \d+/gm)).toEqual(["id: 2", "id: 3", "id: 4"]);
    expect(text).toContain("agent-0: waited");
  });

  test("what cannot be resumed says so", async () => {
    await using running = await startTestRuntime({ objects: [] });
    const headers = { ...resumable, "last-event-id": "1" };
    const response = await postMessage(running, messageBody("hello"), { headers });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ errorCode: "RESUME_IMPOSSIBLE" });
  });
});
