import { describe, expect, test } from "vitest";
import { isGone, type Missing, missingOnceMore } from "./missing-channels.ts";
import { disbeliefMs } from "./refuse-empty-lists.ts";

/** Missing at these times (ms), told to be deleted at one of them. */
function missingAt(times: readonly number[], deletedAt?: number): Missing {
  const [first, ...others] = times.map((nowMs) => ({ nowMs, deleted: nowMs === deletedAt }));
  if (first === undefined) throw new TypeError("missing at no time");
  return others.reduce(missingOnceMore, missingOnceMore(undefined, first));
}

const never = Number.NEGATIVE_INFINITY;

describe("a channel that is missing", () => {
  test.each([
    { name: "once, though others are there", times: [0], foundAtMs: 1, gone: false },
    { name: "twice, though others are there", times: [0, 5], foundAtMs: 6, gone: false },
    { name: "three times, and others are there", times: [0, 5, 10], foundAtMs: 6, gone: true },
    { name: "three times, and nothing was found since", times: [0, 5, 10], foundAtMs: 0, gone: false },
    { name: "three times, and nothing was ever found", times: [0, 5, 10], foundAtMs: never, gone: false },
    { name: "three times, deleted first", times: [0, 5, 10], deletedAt: 0, foundAtMs: never, gone: true },
    { name: "three times, deleted between", times: [0, 5, 10], deletedAt: 5, foundAtMs: never, gone: true },
    { name: "once, deleted", times: [0], deletedAt: 0, foundAtMs: 1, gone: false },
    {
      name: "for nearly as long as nothing is believed",
      times: [0, 5, disbeliefMs - 1],
      foundAtMs: never,
      gone: false,
    },
    { name: "for as long as nothing is believed", times: [0, 5, disbeliefMs], foundAtMs: never, gone: true },
    { name: "as long, but asked for twice only", times: [0, disbeliefMs], foundAtMs: never, gone: false },
  ])("$name: gone is $gone", ({ times, deletedAt, foundAtMs, gone }) => {
    expect(isGone(missingAt(times, deletedAt), { foundAtMs, nowMs: times.at(-1) ?? 0 })).toBe(gone);
  });

  test("is missing since the first time", () => {
    expect(missingAt([7, 9, 11])).toEqual({ times: 3, sinceMs: 7, deleted: false });
  });
});
