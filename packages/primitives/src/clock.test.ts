import { describe, expect, it } from "vitest";
import { formatTimestamp, systemClock } from "./clock.ts";

describe("systemClock.sleep", () => {
  it("rejects with the reason of a signal that is aborted before or during the sleep", async () => {
    const reason = new Error("stop");
    await expect(systemClock.sleep(60_000, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const sleeping = systemClock.sleep(60_000, { signal: controller.signal });
    controller.abort(reason);
    await expect(sleeping).rejects.toBe(reason);
  });
});

describe("formatTimestamp", () => {
  it("writes UTC to the second, as Kubernetes does", () => {
    expect(formatTimestamp(Date.UTC(2026, 10, 21, 6, 5, 4, 999))).toBe("2026-11-21T06:05:04Z");
  });
});
