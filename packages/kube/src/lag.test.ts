import { FakeClock } from "@lmos/testing";
import { describe, expect, it } from "vitest";
import { lagBehind } from "./lag.ts";

describe("lagBehind", () => {
  it.each([{ alreadyAborted: false }, { alreadyAborted: true }])(
    "is aborted so much later than its parent, aborted before: $alreadyAborted",
    async ({ alreadyAborted }) => {
      const clock = new FakeClock();
      const parent = new AbortController();
      if (alreadyAborted) parent.abort(new Error("stop"));
      using lagging = lagBehind(parent.signal, 1_000, clock);
      if (!alreadyAborted) parent.abort(new Error("stop"));
      await clock.advance(999);
      expect(lagging.signal.aborted).toBe(false);
      await clock.advance(1);
      expect(lagging.signal.reason).toMatchObject({ message: "stop" });
    },
  );

  it("is never aborted once it was disposed, and leaves no timer", async () => {
    const clock = new FakeClock();
    const parent = new AbortController();
    const early = lagBehind(parent.signal, 1_000, clock);
    early[Symbol.dispose]();
    const late = lagBehind(parent.signal, 1_000, clock);
    parent.abort();
    late[Symbol.dispose]();
    await clock.advance(1_000);
    expect([early.signal.aborted, late.signal.aborted, clock.sleeping]).toEqual([false, false, 0]);
  });
});
