import { describe, expect, test } from "vitest";
import { addLimit } from "./limit-option.ts";

describe("a limit", () => {
  test.each([
    { text: "tenantTurnsPerSecond=50", limit: { tenantTurnsPerSecond: 50 } },
    { text: "userTurnsPerSecond=0.5", limit: { userTurnsPerSecond: 0.5 } },
    { text: "queueMs=0", limit: { queueMs: 0 } },
  ])("$text is read", ({ text, limit }) => {
    expect(addLimit(text, {})).toEqual(limit);
  });

  test("comes to those that were given before, and replaces one of its name", () => {
    const first = addLimit("userTurns=2", addLimit("tenantTurns=9", {}));
    expect(addLimit("userTurns=3", first)).toEqual({ tenantTurns: 9, userTurns: 3 });
  });

  test.each([
    "",
    "userTurns",
    "userTurns=",
    "userTurns=many",
    "userTurns=-1",
    "=1",
    "userTurns=1=2",
    "userTurns=1e9",
  ])("%j is none, and the error shows one", (text) => {
    expect(() => addLimit(text, {})).toThrow("write a limit as tenantTurnsPerSecond=50");
  });

  test.each(["turns=1", "toString=1", "__proto__=1"])(
    "%s is unknown, and the error names those there are",
    (text) => {
      expect(() => addLimit(text, {})).toThrow(/there is no limit .* tenantTurnsPerSecond/);
    },
  );

  test.each([
    { text: "maxConcurrentTurns=0", says: "limit maxConcurrentTurns is 0: give at least 1" },
    {
      text: "totalMs=9999999999",
      says: "limit totalMs is 9999999999: give at most 2147483647, which is 24 days",
    },
  ])("$text is refused, as the runtime could not serve", ({ text, says }) => {
    expect(() => addLimit(text, {})).toThrow(says);
  });
});
