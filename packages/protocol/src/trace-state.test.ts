import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tracestateOf } from "./trace-state.ts";

const numbered = (count: number): string => Array.from({ length: count }, (_, at) => `k${at}=v`).join(",");

describe("goes on", () => {
  const longKey = "k".repeat(256);
  const longValue = "v".repeat(256);
  test.each([
    { name: "one member", given: "rojo=00f067aa0ba902b7", kept: "rojo=00f067aa0ba902b7" },
    { name: "several, in their order", given: "rojo=1,congo=t61rcWkgMzE", kept: "rojo=1,congo=t61rcWkgMzE" },
    { name: "a key with its tenant", given: "0tenant@system=1", kept: "0tenant@system=1" },
    { name: "signs of keys", given: "a-_*/9=1", kept: "a-_*/9=1" },
    { name: "blanks inside a value", given: "a=b c", kept: "a=b c" },
    { name: "without blanks around members", given: " a=1 ,\tb=2\t", kept: "a=1,b=2" },
    { name: "without empty members", given: "a=1,,b=2,", kept: "a=1,b=2" },
    { name: "32 members", given: numbered(32), kept: numbered(32) },
    { name: "a key of 256 characters", given: `${longKey}=v`, kept: `${longKey}=v` },
    { name: "a value of 256 characters", given: `k=${longValue}`, kept: `k=${longValue}` },
  ])("$name", ({ given, kept }) => {
    expect(tracestateOf(given)).toBe(kept);
  });
});

describe("does not go on", () => {
  test.each([
    { name: "none", given: undefined },
    { name: "an empty one", given: "" },
    { name: "empty members only", given: " , ,\t" },
    { name: "33 members", given: numbered(33) },
    { name: "a member without a value", given: "a=1,b" },
    { name: "an empty value", given: "a=" },
    { name: "an empty key", given: "=1" },
    { name: "a key with capitals", given: "Rojo=1" },
    { name: "a key that begins with a sign", given: "@a=1" },
    { name: "a key with a blank", given: "a b=1" },
    { name: "a key of 257 characters", given: `${"k".repeat(257)}=v` },
    { name: "a value of 257 characters", given: `k=${"v".repeat(257)}` },
    { name: "an equals sign in a value", given: "a=1=2" },
    { name: "a line break", given: "a=1\r\nx: y" },
    { name: "letters beyond ASCII", given: "a=ü" },
    { name: "a key given twice", given: "a=1,b=2,a=3" },
    { name: "an endless one", given: "a=1,".repeat(100_000) },
  ])("$name", ({ given }) => {
    expect(tracestateOf(given)).toBeUndefined();
  });
});

describe("beyond 512 characters", () => {
  const large = `large=${"x".repeat(200)}`;
  const small = (key: string): string => `${key}=${"y".repeat(100)}`;
  test("large members are dropped first, of them the oldest", () => {
    const given = [large, small("b"), `older-${large}`, small("c")];
    expect(tracestateOf(given.join(","))).toBe([large, small("b"), small("c")].join(","));
    const full = [large, small("b"), small("c"), small("d")]; // 515
    expect(tracestateOf(full.join(","))).toBe(full.slice(1).join(","));
  });
  test("then the oldest", () => {
    const given = ["a", "b", "c", "d", "e", "f"].map(small);
    expect(tracestateOf(given.join(","))).toBe(given.slice(0, 4).join(","));
  });
});

test("what goes on is short, well formed, of the given members, and goes on again as it is", () => {
  const key = fc.stringMatching(/^[a-z][a-z0-9]{0,20}$/);
  const text = fc.stringMatching(/^[a-z0-9]{1,200}$/);
  const states = fc.uniqueArray(fc.tuple(key, text), { selector: ([name]) => name, maxLength: 40 });
  fc.assert(
    fc.property(states, (pairs) => {
      const members = pairs.map((pair) => pair.join("="));
      const kept = tracestateOf(members.join(", "));
      if (pairs.length > 32) return kept === undefined;
      const parts = kept?.split(",") ?? [];
      return (
        (kept ?? "").length <= 512 &&
        parts.every((part) => members.includes(part)) &&
        tracestateOf(kept) === kept
      );
    }),
  );
});
