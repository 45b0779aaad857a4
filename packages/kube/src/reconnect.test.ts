import { SeededRandom } from "@lmos/testing";
import { describe, expect, it } from "vitest";
import { KubeError, type KubeErrorCode } from "./errors.ts";
import { createReconnect } from "./reconnect.ts";

/** The longest wait each time: chance that takes nothing off. */
const longest = { next: () => 0 };
const failure = (code: KubeErrorCode): KubeError => new KubeError(code, "failed");

describe("waits after failures", () => {
  it.each([
    { code: "Unreachable", delays: [800, 1_600, 3_200, 4_000, 4_000, 4_000, 4_000] },
    { code: "Unavailable", delays: [800, 1_600, 3_200, 4_000, 4_000, 4_000, 4_000] },
    { code: "Timeout", delays: [800, 1_600, 3_200, 4_000, 4_000, 4_000, 4_000] },
    { code: "Forbidden", delays: [800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000] },
    { code: "ServerError", delays: [800, 1_600, 3_200, 4_000, 4_000, 4_000, 4_000] },
    { code: "Unauthorized", delays: [800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000] },
    { code: "Expired", delays: [0, 800, 1_600, 3_200, 6_400, 12_800, 25_600] },
  ] as const)("are at most $delays ms after $code", ({ code, delays }) => {
    const reconnect = createReconnect(longest);
    expect(delays.map(() => reconnect.afterFailure(failure(code)))).toEqual(delays);
  });

  it("are none when the version has expired during an outage", () => {
    const reconnect = createReconnect(longest);
    for (let round = 0; round < 9; round++) reconnect.afterFailure(failure("Unreachable"));
    expect(reconnect.afterFailure(failure("Expired"))).toBe(0);
  });

  it("start anew when a server that was away refuses", () => {
    const reconnect = createReconnect(longest);
    for (let round = 0; round < 9; round++) reconnect.afterFailure(failure("Unreachable"));
    expect(reconnect.afterFailure(failure("Forbidden"))).toBe(800);
  });

  it("start anew after a success", () => {
    const reconnect = createReconnect(longest);
    for (let round = 0; round < 9; round++) reconnect.afterFailure(failure("ServerError"));
    reconnect.succeeded();
    expect(reconnect.afterFailure(failure("ServerError"))).toBe(800);
  });

  it("begin when the time is over that the server asked for, half a minute at most", () => {
    const asked = (retryAfterMs: number): KubeError =>
      new KubeError("TooManyRequests", "failed", { details: { retryAfterMs } });
    expect(createReconnect(longest).afterFailure(asked(5_000))).toBe(5_800);
    expect(createReconnect(longest).afterFailure(asked(3_600_000))).toBe(30_800);
  });

  it("have full jitter", () => {
    const random = new SeededRandom(1);
    const waits = Array.from({ length: 200 }, () =>
      createReconnect(random).afterFailure(failure("Unreachable")),
    );
    expect(Math.min(...waits)).toBeLessThan(80);
    expect(Math.max(...waits)).toBeGreaterThan(720);
  });
});
