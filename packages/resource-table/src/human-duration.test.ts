import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ageOf, humanDuration } from "./human-duration.ts";

const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];

describe("a span is shown as kubectl shows it", () => {
  test.each([
    { ms: 0, text: "0s" },
    { ms: 999, text: "0s" },
    { ms: 45 * second, text: "45s" },
    { ms: 119 * second, text: "119s" },
    { ms: 2 * minute, text: "2m" },
    { ms: 3 * minute + 20 * second, text: "3m20s" },
    { ms: 10 * minute, text: "10m" },
    { ms: 179 * minute, text: "179m" },
    { ms: 3 * hour, text: "3h" },
    { ms: 5 * hour + 30 * minute, text: "5h30m" },
    { ms: 8 * hour + 59 * minute, text: "8h" },
    { ms: 47 * hour, text: "47h" },
    { ms: 2 * day, text: "2d" },
    { ms: 2 * day + 4 * hour, text: "2d4h" },
    { ms: 8 * day + 4 * hour, text: "8d" },
    { ms: 729 * day, text: "729d" },
    { ms: 730 * day, text: "2y" },
    { ms: 1000 * day, text: "2y270d" },
    { ms: 8 * 365 * day + 5 * day, text: "8y" },
    { ms: -500, text: "0s" },
    { ms: -5 * second, text: "<invalid>" },
  ])("$ms ms: $text", ({ ms, text }) => {
    expect(humanDuration(ms)).toBe(text);
  });

  test("it never takes more than seven letters within ten years", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3650 * day }), (ms) => {
        expect(humanDuration(ms).length).toBeLessThanOrEqual(7);
      }),
    );
  });
});

describe("an age", () => {
  const now = Date.parse("2026-01-01T00:01:00Z");

  test.each([
    { time: "2026-01-01T00:00:00Z", text: "60s" },
    { time: "2026-01-01T01:00:30+01:00", text: "30s" },
    { time: undefined, text: "<unknown>" },
    { time: "", text: "<unknown>" },
    { time: "yesterday", text: "<invalid>" },
  ])("of $time is $text", ({ time, text }) => {
    expect(ageOf(time, now)).toBe(text);
  });
});
