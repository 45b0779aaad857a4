import { FakeClock, SeededRandom } from "@lmos/testing";
import { describe, expect, it } from "vitest";
import { KubeError, type KubeErrorCode } from "./errors.ts";
import { parseRetryAfter, withRetries } from "./retry.ts";

const { signal } = new AbortController();

/** Runs a call that fails with these errors, one after the other; tells when it was attempted. */
async function attempts(errors: readonly unknown[], idempotent = true): Promise<readonly number[]> {
  const clock = new FakeClock(0);
  const times: number[] = [];
  const call = async (): Promise<void> => {
    const error = errors[times.length];
    times.push(clock.now());
    if (error !== undefined) throw error;
  };
  let over = false;
  const calling = withRetries(call, { idempotent, clock, random: new SeededRandom(1), signal }).catch(
    () => undefined,
  );
  void calling.finally(() => {
    over = true;
  });
  while (!over) await clock.advance(10);
  return times;
}

function failure(code: KubeErrorCode, retryAfterMs?: number): KubeError {
  return new KubeError(code, "failed", { details: retryAfterMs === undefined ? {} : { retryAfterMs } });
}

describe("withRetries", () => {
  it.each(["TooManyRequests", "Unavailable", "Unreachable"] as const)(
    "tries again after %s",
    async (code) => {
      expect(await attempts([failure(code)])).toHaveLength(2);
    },
  );

  it.each([failure("Conflict"), failure("Timeout"), failure("Forbidden"), new Error("bug")])(
    "does not try again after %s",
    async (error) => {
      expect(await attempts([error])).toHaveLength(1);
    },
  );

  it("tries four times at most, and waits longer each time", async () => {
    const times = await attempts(Array.from({ length: 10 }, () => failure("Unavailable")));
    expect(times).toHaveLength(4);
    const waits = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    for (const [attempt, wait] of waits.entries()) {
      expect(wait).toBeGreaterThanOrEqual(125 * 2 ** attempt);
      expect(wait).toBeLessThanOrEqual(250 * 2 ** attempt + 10);
    }
  });

  it("waits at least as long as the server asks", async () => {
    const [, second] = await attempts([failure("TooManyRequests", 5_000)]);
    expect(second).toBeGreaterThanOrEqual(5_000);
  });

  it("leaves it to the caller when the server asks for more than 30 s", async () => {
    expect(await attempts([failure("TooManyRequests", 31_000)])).toHaveLength(1);
  });

  it("does not repeat what must not be done twice", async () => {
    expect(await attempts([failure("Unavailable")], false)).toHaveLength(1);
  });
});

describe("parseRetryAfter", () => {
  const nowMs = Date.UTC(2026, 0, 1);
  it.each([
    { header: undefined, expected: undefined },
    { header: "3", expected: 3_000 },
    { header: "Thu, 01 Jan 2026 00:00:05 GMT", expected: 5_000 },
    { header: "Wed, 31 Dec 2025 00:00:00 GMT", expected: 0 },
    { header: "soon", expected: undefined },
  ])("reads $header as $expected ms", ({ header, expected }) => {
    expect(parseRetryAfter(header, nowMs)).toBe(expected);
  });
});
