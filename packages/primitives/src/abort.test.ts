import { FakeClock } from "@lmos/testing";
import { describe, expect, it } from "vitest";
import { abortable, DeadlineExceededError, whenAborted, withDeadline } from "./abort.ts";

describe("withDeadline", () => {
  it("aborts with a DeadlineExceededError once the time is over", async () => {
    const clock = new FakeClock();
    using deadline = withDeadline("the call", 50, { signal: new AbortController().signal, clock });
    expect(deadline.signal.aborted).toBe(false);
    await clock.advance(50);
    expect(deadline.signal.reason).toBeInstanceOf(DeadlineExceededError);
  });

  it("follows its parent and stops its timer when disposed", async () => {
    const clock = new FakeClock();
    const parent = new AbortController();
    const deadline = withDeadline("the call", 50, { signal: parent.signal, clock });
    deadline[Symbol.dispose]();
    await clock.advance(100);
    expect(deadline.signal.aborted).toBe(false);
    parent.abort("parent");
    expect(deadline.signal.reason).toBe("parent");
  });
});

describe("abortable", () => {
  it("passes the result on, and rejects with the reason when aborted first", async () => {
    const controller = new AbortController();
    await expect(abortable(Promise.resolve(7), controller.signal)).resolves.toBe(7);
    const never = abortable(new Promise<never>(() => undefined), controller.signal);
    controller.abort("enough");
    await expect(never).rejects.toBe("enough");
  });
});

describe("whenAborted", () => {
  it("resolves at once for an aborted signal", async () => {
    await expect(whenAborted(AbortSignal.abort())).resolves.toBeUndefined();
  });
});
