import { expect, it } from "vitest";
import { untilStopped } from "./until-stopped.ts";

const enough = new Error("the user has had enough");

it("ends where the work ends", async () => {
  await expect(untilStopped(new AbortController().signal, async () => undefined)).resolves.toBeUndefined();
});

it("ends in order where it was stopped", async () => {
  const stop = new AbortController();
  await untilStopped(stop.signal, async () => {
    stop.abort(enough);
    stop.signal.throwIfAborted();
  });
  expect(stop.signal.reason).toBe(enough);
});

it("fails where the work fails by itself", async () => {
  const failing = untilStopped(new AbortController().signal, async () => {
    throw new TypeError("broken");
  });
  await expect(failing).rejects.toThrow("broken");
});
