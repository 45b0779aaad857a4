import { SeededRandom } from "@lmos/testing";
import { afterEach, describe, expect, it } from "vitest";
import { requestWithRetry } from "./retry-request.ts";
import { type JsonServer, type ScriptedAnswer, startJsonServer } from "./testing/json-server.ts";

let server: JsonServer | undefined;
afterEach(async () => server?.[Symbol.asyncDispose]());

/** Retries without waiting, and remembers for how long it would have; its time-outs come when the test says. */
class ImpatientClock {
  readonly waits: number[] = [];
  readonly #timeoutMs: number;
  #expire: (() => void)[] = [];

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  now(): number {
    return Date.UTC(2026, 0, 1);
  }

  monotonic(): number {
    return 0;
  }

  sleep(ms: number, { signal }: { readonly signal: AbortSignal }): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason);
    if (ms !== this.#timeoutMs) {
      this.waits.push(ms);
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      this.#expire.push(resolve);
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  }

  expire(): void {
    for (const expire of this.#expire.splice(0)) expire();
  }
}

const timeoutMs = 15_000;

async function ask(
  answers: readonly ScriptedAnswer[],
  more: { readonly retries?: number; readonly signal?: AbortSignal } = {},
) {
  const clock = new ImpatientClock(timeoutMs);
  server = await startJsonServer((_request, number) => answers[number] ?? answers.at(-1) ?? {});
  const { retries = 3, signal = new AbortController().signal } = more;
  const policy = { clock, random: new SeededRandom(1), timeoutMs, retries, maxResponseBytes: 100, signal };
  const answer = requestWithRetry(`${server.url}/x`, {}, policy);
  return { answer, clock, asked: () => server?.seen.length };
}

describe("a request to a service", () => {
  it("gives the body of the answer", async () => {
    const { answer } = await ask([{ status: 201, text: "done" }]);
    expect(String((await answer).body)).toBe("done");
  });

  it.each([
    { name: "429", first: { status: 429 } },
    { name: "500", first: { status: 500 } },
    { name: "503", first: { status: 503 } },
    { name: "a broken connection", first: "cut" as const },
  ])("is sent again after $name", async ({ first }) => {
    const { answer, asked } = await ask([first, { text: "done" }]);
    expect(String((await answer).body)).toBe("done");
    expect(asked()).toBe(2);
  });

  it.each([
    { name: "400", answer: { status: 400 }, says: "it answered 400" },
    { name: "401", answer: { status: 401 }, says: "it answered 401; check the API key" },
    { name: "403", answer: { status: 403 }, says: "it answered 403; check the API key" },
    { name: "404", answer: { status: 404 }, says: "it answered 404" },
    {
      name: "more than is read",
      answer: { text: "x".repeat(101) },
      says: "its answer is longer than 100 bytes",
    },
    {
      name: "429 for longer than anybody waits",
      answer: { status: 429, headers: { "retry-after": "61" } },
      says: "it answered 429",
    },
  ])("is not sent again after $name", async ({ answer: given, says }) => {
    const { answer, asked } = await ask([given]);
    await expect(answer).rejects.toMatchObject({
      code: "ServiceFailed",
      message: expect.stringContaining(says),
    });
    expect(asked()).toBe(1);
  });

  it("fails when its attempts are used up, with the last reason and its status", async () => {
    const { answer, asked, clock } = await ask([{ status: 500 }, { status: 503 }], { retries: 2 });
    await expect(answer).rejects.toMatchObject({ code: "ServiceFailed", details: { status: 503 } });
    expect([asked(), clock.waits.length]).toEqual([3, 2]);
  });

  it("waits longer from attempt to attempt", async () => {
    const { answer, clock } = await ask([{ status: 500 }], { retries: 4 });
    await expect(answer).rejects.toThrow();
    expect(clock.waits).toEqual(clock.waits.toSorted((a, b) => a - b));
    expect(clock.waits[0]).toBeGreaterThanOrEqual(250);
  });

  it.each([
    { name: "seconds", header: "7", waits: 7000 },
    { name: "a date", header: "Thu, 01 Jan 2026 00:00:09 GMT", waits: 9000 },
    { name: "a date that is over", header: "Wed, 31 Dec 2025 00:00:00 GMT", waits: 500 },
    { name: "less than nothing", header: "-5", waits: 500 },
    { name: "no time", header: "soon", waits: 500 },
    { name: "a blank", header: " ", waits: 500 },
  ])("waits as Retry-After says by $name", async ({ header, waits }) => {
    const { answer, clock } = await ask([
      { status: 429, headers: { "retry-after": header } },
      { text: "done" },
    ]);
    await answer;
    const [waited = 0] = clock.waits;
    expect(waits === 500 ? waited > 0 && waited <= 1000 : waited === waits).toBe(true);
  });

  it("is sent again when it was not answered in time", async () => {
    const { answer, asked, clock } = await ask(["hang", { text: "done" }]);
    await expect.poll(asked).toBe(1);
    clock.expire();
    expect(String((await answer).body)).toBe("done");
  });

  it("ends with the reason of its signal, also while it waits", async () => {
    const stop = new AbortController();
    const { answer, asked } = await ask(["hang"], { signal: stop.signal });
    await expect.poll(asked).toBe(1);
    stop.abort("enough");
    await expect(answer).rejects.toBe("enough");
    expect(asked()).toBe(1);
  });

  it("names what is below a failed connection", async () => {
    const { answer } = await ask(["cut"], { retries: 0 });
    await expect(answer).rejects.toThrow(/no answer from http:\/\/127\.0\.0\.1:\d+\/x: fetch failed \(.+\)/);
  });
});
