import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RecentTexts } from "./recent-texts.ts";

const bounds = { maxTexts: 3, maxBytes: 100 };

function kept(texts: RecentTexts, keys: string): string {
  return [...keys].filter((key) => texts.get(key) !== undefined).join("");
}

describe("keeps", () => {
  const rows: readonly {
    readonly name: string;
    readonly put: readonly (readonly [key: string, length: number])[];
    readonly left: string;
    readonly bytes: number;
  }[] = [
    { name: "nothing at first", put: [], left: "", bytes: 0 },
    {
      name: "as many as it may",
      put: [
        ["a", 1],
        ["b", 1],
        ["c", 1],
      ],
      left: "abc",
      bytes: 12,
    },
    {
      name: "the latest of more",
      put: [
        ["a", 1],
        ["b", 1],
        ["c", 1],
        ["d", 1],
      ],
      left: "bcd",
      bytes: 12,
    },
    {
      name: "one that was put again",
      put: [
        ["a", 1],
        ["b", 1],
        ["c", 1],
        ["a", 2],
        ["d", 1],
      ],
      left: "acd",
      bytes: 14,
    },
    {
      name: "as much as it may",
      put: [
        ["a", 24],
        ["b", 24],
      ],
      left: "ab",
      bytes: 100,
    },
    {
      name: "the latest of what takes more",
      put: [
        ["a", 24],
        ["b", 24],
        ["c", 1],
      ],
      left: "bc",
      bytes: 54,
    },
    {
      name: "one only, if it is that large",
      put: [
        ["a", 1],
        ["b", 1],
        ["c", 49],
      ],
      left: "c",
      bytes: 100,
    },
    {
      name: "no text that is larger than all",
      put: [
        ["a", 1],
        ["b", 50],
      ],
      left: "",
      bytes: 0,
    },
    {
      name: "no older text in place of one that is too large",
      put: [
        ["a", 1],
        ["a", 50],
      ],
      left: "",
      bytes: 0,
    },
  ];
  test.each(rows)("$name", ({ put, left, bytes }) => {
    const texts = new RecentTexts(bounds);
    for (const [key, length] of put) texts.put(key, "x".repeat(length));
    expect([kept(texts, "abcd"), texts.bytes, texts.size]).toEqual([left, bytes, left.length]);
  });
});

test("whatever is put, its bounds hold and what it has is what was put last", () => {
  const puts = fc.array(fc.tuple(fc.constantFrom("a", "b", "c", "d", "e"), fc.string({ maxLength: 60 })));
  fc.assert(
    fc.property(puts, (all) => {
      const texts = new RecentTexts(bounds);
      const last = new Map<string, string>();
      for (const [key, text] of all) {
        texts.put(key, text);
        last.set(key, text);
        expect(texts.size).toBeLessThanOrEqual(bounds.maxTexts);
        expect(texts.bytes).toBeLessThanOrEqual(bounds.maxBytes);
      }
      const held = [...last].filter(([key]) => texts.get(key) !== undefined);
      expect(held.every(([key, text]) => texts.get(key) === text)).toBe(true);
      expect(texts.bytes).toBe(held.reduce((sum, [key, text]) => sum + 2 * (key.length + text.length), 0));
    }),
  );
});
