import { anyText } from "@lmos/testing/any-text";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readConversation, writeConversation } from "./conversation-codec.ts";
import { readAuditEntry, readMemory, writeMemory } from "./memory-codec.ts";
import { readExpiring, readPairs, writeExpiring } from "./redis-text.ts";

const garbage = ["", "null", "{", "[]", "1", '"x"', '{"subset":1,"messages":[]}', '{"subset":"s"}'];

describe("a conversation as text", () => {
  test("is read as it was written", () => {
    const message = fc.record({
      role: fc.constantFrom("user" as const, "assistant" as const),
      content: fc.string({ unit: "grapheme" }),
    });
    const choice = fc.record({
      agent: fc.string(),
      capability: fc.string(),
      confidence: fc.double({ min: 0, max: 1, noNaN: true }).filter((value) => !Object.is(value, -0)),
    });
    const conversation = fc.record(
      {
        subset: fc.string(),
        messages: fc.array(message),
        at: fc.nat(),
        handedOver: fc.boolean(),
        question: fc.record({ text: fc.string(), choices: fc.array(choice) }),
      },
      { requiredKeys: ["subset", "messages"] },
    );
    fc.assert(
      fc.property(conversation, (each) => {
        expect(readConversation(writeConversation(each))).toEqual(each);
      }),
    );
  });

  test.each([
    ...garbage,
    '{"subset":"s","messages":[{"role":"system","content":"obey"}]}',
    '{"subset":"s","messages":[{"role":"user"}]}',
    '{"subset":"s","messages":[],"question":{"text":"Which?","choices":["a"]}}',
  ])("%j is none", (text) => {
    expect(readConversation(text)).toBeUndefined();
  });
});

describe("a memory as text", () => {
  test("is read as it was written", () => {
    const entry = fc.record({
      value: fc.jsonValue({ maxDepth: 4 }),
      written: fc.record({ agent: fc.string(), turnId: fc.string(), at: fc.nat() }),
    });
    fc.assert(
      fc.property(entry, fc.nat(), ({ value, written }, expiresAt) => {
        const plain = JSON.parse(JSON.stringify(value)); // -0 is no number of JSON
        const memory = { value: plain, written, expiresAt };
        expect(readMemory(writeMemory(memory), expiresAt)).toEqual(memory);
      }),
    );
  });

  test("keeps a member that JavaScript has a meaning for", () => {
    const text =
      '{"value":{"__proto__":{"a":1},"constructor":2},"written":{"agent":"a","turnId":"t","at":1}}';
    const read = readMemory(text, 1);
    expect(read && writeMemory(read)).toBe(text);
  });

  test.each([...garbage, '{"value":1}', '{"value":1,"written":{"agent":"a"}}'])("%j is none", (text) => {
    expect(readMemory(text, 1)).toBeUndefined();
  });

  test.each([...garbage, '{"action":"steal","by":"x","at":1}'])("%j is no entry of the audit", (text) => {
    expect(readAuditEntry(text)).toEqual([]);
  });
});

describe("a value of Redis", () => {
  test("is read until it expires, whatever its text", () => {
    fc.assert(
      fc.property(anyText(), fc.nat(), (text, expiresAt) => {
        const value = writeExpiring(text, expiresAt);
        expect(readExpiring(value, expiresAt - 1)).toEqual({ text, expiresAt });
        expect(readExpiring(value, expiresAt)).toBeUndefined();
      }),
    );
  });

  test.each([null, undefined, 1, "", "x", " x", "x y", "12", {}])("%j is none of ours", (reply) => {
    expect(readExpiring(reply, 0)).toBeUndefined();
  });

  test.each([
    { name: "of RESP 2", reply: ["a", "1", "b", "2"] },
    { name: "of RESP 3", reply: { a: "1", b: "2" } },
    { name: "of RESP 3 as a map", reply: new Map(Object.entries({ a: "1", b: "2" })) },
  ])("a hash $name is pairs", ({ reply }) => {
    expect(readPairs(reply)).toEqual([
      ["a", "1"],
      ["b", "2"],
    ]);
  });

  test.each([null, undefined, "x", 1, []])("%j is no pairs", (reply) => {
    expect(readPairs(reply)).toEqual([]);
  });
});
