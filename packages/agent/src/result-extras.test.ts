import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AgentError } from "./errors.ts";
import { ResultExtras } from "./result-extras.ts";

/** What an adding throws: code and message. */
function refusalOf(add: () => void): readonly [string, string] {
  try {
    add();
  } catch (error) {
    if (error instanceof AgentError) return [error.code, error.message];
    throw error;
  }
  return ["none", ""];
}

/** As authors without types may call it. */
function setUntyped(extras: ResultExtras, value: unknown): void {
  extras.setContext("k", value as string);
}

const many = (extras: ResultExtras, count: number, add: (at: number) => void): ResultExtras => {
  for (let at = 0; at < count; at++) add(at);
  return extras;
};

describe("context", () => {
  it("keeps entries in their order, the last value under each key", () => {
    const extras = new ResultExtras();
    for (const [key, value] of [
      ["a", "1"],
      ["b", "2"],
      ["a", "3"],
    ] as const)
      extras.setContext(key, value);
    expect(extras.context).toEqual([
      { key: "a", value: "3" },
      { key: "b", value: "2" },
    ]);
  });

  const full = () => {
    const extras = new ResultExtras();
    return many(extras, 100, (at) => extras.setContext(`k${at}`, "v"));
  };
  const rows: readonly { readonly name: string; readonly add: () => void; readonly says: RegExp }[] = [
    {
      name: "a 101st entry",
      add: () => full().setContext("more", "v"),
      says: /"more": there are 100 entries/,
    },
    {
      name: "a key of 257 characters",
      add: () => new ResultExtras().setContext("k".repeat(257), "v"),
      says: /the key has 257 characters; take at most 256/,
    },
    {
      name: "a value that is too long",
      add: () => new ResultExtras().setContext("k", "v".repeat(16 * 1024)),
      says: /context "k": with these 16384 characters all entries have more than 16384; keep large values elsewhere/,
    },
    {
      name: "a value that is no text",
      add: () => setUntyped(new ResultExtras(), 7),
      says: /context "k": its value is number; give a text/,
    },
  ];
  it.each(rows)("refuses $name, saying which and what to do", ({ add, says }) => {
    const [code, message] = refusalOf(add);
    expect([code, message]).toEqual(["ResultTooLarge", expect.stringMatching(says)]);
  });

  it("takes another value under a key when it is full, and keeps the old one when that is too long", () => {
    const extras = full();
    extras.setContext("k0", "new");
    expect(refusalOf(() => extras.setContext("k0", "v".repeat(20_000)))[0]).toBe("ResultTooLarge");
    expect(extras.context[0]).toEqual({ key: "k0", value: "new" });
  });

  it("counts a value that was replaced no more", () => {
    const extras = new ResultExtras();
    many(extras, 10, () => extras.setContext("k", "v".repeat(16_000)));
    expect(extras.context).toHaveLength(1);
  });

  it("never holds more than its bounds, whatever is set", () => {
    const sets = fc.array(fc.tuple(fc.constantFrom("a", "b", "c"), fc.integer({ min: 0, max: 9000 })));
    fc.assert(
      fc.property(sets, (all) => {
        const extras = new ResultExtras();
        for (const [key, length] of all) refusalOf(() => extras.setContext(key, "x".repeat(length)));
        const length = extras.context.reduce((sum, entry) => sum + entry.key.length + entry.value.length, 0);
        return length <= 16 * 1024;
      }),
    );
  });
});

describe("tool calls", () => {
  it("are kept with their inputs as JSON", () => {
    const extras = new ResultExtras();
    extras.addToolCall("look", { number: 7 });
    extras.addToolCall("wait", undefined);
    expect(extras.toolCalls).toEqual([
      { name: "look", arguments: '{"number":7}' },
      { name: "wait", arguments: "null" },
    ]);
  });

  const circular: Record<string, unknown> = {};
  circular["self"] = circular;
  const called = () => {
    const extras = new ResultExtras();
    return many(extras, 200, () => extras.addToolCall("look", {}));
  };
  const rows: readonly {
    readonly name: string;
    readonly add: () => void;
    readonly code: string;
    readonly says: RegExp;
  }[] = [
    {
      name: "a 201st call",
      add: () => called().addToolCall("look", {}),
      code: "ResultTooLarge",
      says: /tool "look": the turn has called 200 tools/,
    },
    {
      name: "an input that is too large",
      add: () => new ResultExtras().addToolCall("save", "x".repeat(64 * 1024)),
      code: "ResultTooLarge",
      says: /tool "save": with these 65538 characters all inputs of the turn have more than 65536/,
    },
    {
      name: "an input that holds itself",
      add: () => new ResultExtras().addToolCall("save", circular),
      code: "InvalidToolInput",
      says: /input of tool "save" can't be written as JSON/,
    },
    {
      name: "a number that JSON has not",
      add: () => new ResultExtras().addToolCall("save", { size: 1n }),
      code: "InvalidToolInput",
      says: /input of tool "save"/,
    },
  ];
  it.each(rows)("refuse $name, saying which and what to do", ({ add, code, says }) => {
    expect(refusalOf(add)).toEqual([code, expect.stringMatching(says)]);
  });
});
