import { type Channel, channelKind } from "@lmos/resources";
import { FakeClock } from "@lmos/testing";
import { describe, expect, it } from "vitest";
import { passing } from "../testing/passing.ts";
import { isResolved, waitFor } from "./wait.ts";

const { signal } = new AbortController();

describe("waiting", () => {
  it("asks until there is an answer, every 50 ms", async () => {
    const clock = new FakeClock(0);
    const askedAt: number[] = [];
    const find = async (): Promise<string | undefined> => {
      askedAt.push(clock.now());
      return askedAt.length === 3 ? "there" : undefined;
    };
    expect(await passing(clock, waitFor("it", find, { clock, signal, timeoutMs: 1000 }))).toBe("there");
    expect(askedAt).toEqual([0, 50, 100]);
  });

  it.each([
    { name: "an answer that does not come", find: async () => undefined },
    {
      name: "one that is asked for in vain",
      find: (call: { signal: AbortSignal }) => untilAborted(call.signal),
    },
  ])("gives $name up, and says what it waited for", async ({ find }) => {
    const clock = new FakeClock();
    const waiting = passing(
      clock,
      waitFor("lmos-runtime to be ready", find, { clock, signal, timeoutMs: 2000 }),
    );
    await expect(waiting).rejects.toMatchObject({
      code: "Timeout",
      exitCode: 124,
      message: "gave up after 2 s waiting for lmos-runtime to be ready",
    });
  });

  it("fails at once with what asking fails with", async () => {
    const failure = new Error("no connection");
    const find = (): Promise<never> => Promise.reject(failure);
    const waiting = waitFor("it", find, { clock: new FakeClock(), signal, timeoutMs: 1000 });
    await expect(waiting).rejects.toBe(failure);
  });

  it("ends with its user's reason when it is stopped", async () => {
    const stop = new AbortController();
    const reason = new Error("stopped by SIGINT");
    const find = async (): Promise<undefined> => {
      stop.abort(reason);
      return undefined;
    };
    const waiting = waitFor("it", find, { clock: new FakeClock(), signal: stop.signal, timeoutMs: 1000 });
    await expect(waiting).rejects.toBe(reason);
  });

  it("leaves nothing running behind", async () => {
    const clock = new FakeClock();
    await waitFor("it", async () => 1, { clock, signal, timeoutMs: 1000 });
    await clock.advance(0);
    expect(clock.sleeping).toBe(0);
  });
});

function untilAborted(given: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    given.addEventListener("abort", () => reject(given.reason), { once: true });
  });
}

describe("a Channel is resolved", () => {
  const channel = (status: "True" | "False", observedGeneration: number | undefined): Channel =>
    channelKind.parse({
      apiVersion: "lmos.eclipse/v1",
      kind: "Channel",
      metadata: { name: "a", generation: 2 },
      status: {
        conditions: [
          {
            type: "Resolved",
            status,
            observedGeneration,
            reason: "Any",
            message: "",
            lastTransitionTime: "2026-01-01T00:00:00Z",
          },
        ],
      },
    });

  it.each([
    { name: "as it is now", given: channel("True", 2), expected: true },
    { name: "as it was before its last change: not yet", given: channel("True", 1), expected: false },
    { name: "without saying of what: not yet", given: channel("True", undefined), expected: false },
    { name: "where it is unresolved: not", given: channel("False", 2), expected: false },
    {
      name: "without a status: not yet",
      given: { ...channel("True", 2), status: undefined },
      expected: false,
    },
  ])("$name", ({ given, expected }) => {
    expect(isResolved(given)).toBe(expected);
  });
});
