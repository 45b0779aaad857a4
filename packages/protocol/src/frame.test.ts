import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultFrameLimits, parseFrame, utf8Length } from "./frame.ts";

const frameOf = (fields: object): string => JSON.stringify({ type: "next", ...fields });
const nested = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);

describe("a frame", () => {
  it.each([
    { name: "of its type alone", text: '{"type":"ping"}', type: "ping" },
    { name: "with blanks around it", text: ' \n{ "type" : "pong" }\t', type: "pong" },
    { name: "with an empty type", text: '{"type":""}', type: "" },
    { name: "whose type is written twice is of the second", text: '{"type":"a","type":"b"}', type: "b" },
    { name: "as deep as is allowed", text: `{"type":"next","x":${nested(31)}}`, type: "next" },
    { name: "with brackets in its texts", text: frameOf({ text: "[".repeat(1000) }), type: "next" },
    {
      name: "with quotes and backslashes in its texts",
      text: frameOf({ text: '\\"[[{{\\\\"[' }),
      type: "next",
    },
    { name: "as large as is allowed", text: frameOf({ x: "y".repeat(256 * 1024 - 22) }), type: "next" },
  ])("$name is read", ({ text, type }) => {
    expect(parseFrame(text, defaultFrameLimits)).toMatchObject({ kind: "frame", type });
  });

  it.each([
    { name: "that is empty", text: "", reason: "frame is not JSON", fault: "json" },
    { name: "that is cut off", text: '{"type":"next"', reason: "frame is not JSON", fault: "json" },
    {
      name: "with something behind it",
      text: '{"type":"next"}{}',
      reason: "frame is not JSON",
      fault: "json",
    },
    { name: "with a comment", text: '{"type":"next"} // x', reason: "frame is not JSON", fault: "json" },
    { name: "that is a text", text: '"next"', reason: "frame is not a JSON object", fault: "json" },
    { name: "that is a number", text: "7", reason: "frame is not a JSON object", fault: "json" },
    { name: "that is null", text: "null", reason: "frame is not a JSON object", fault: "type" },
    {
      name: "that is a list",
      text: '[{"type":"next"}]',
      reason: "frame is not a JSON object",
      fault: "json",
    },
    {
      name: "without a type",
      text: '{"Type":"next"}',
      reason: 'frame has no text field "type"',
      fault: "type",
    },
    {
      name: "whose type is a number",
      text: '{"type":1}',
      reason: 'frame has no text field "type"',
      fault: "type",
    },
    {
      name: "whose type is inherited",
      text: '{"__proto__":{"type":"next"}}',
      reason: 'frame has no text field "type"',
      fault: "type",
    },
    {
      name: "one level too deep",
      text: `{"type":"next","x":${nested(32)}}`,
      reason: "frame is nested deeper than 32 levels",
      fault: "bound",
    },
    {
      name: "so deep that no parser should see it",
      text: nested(100_000),
      reason: "frame is nested deeper than 32 levels",
      fault: "bound",
    },
    {
      name: "one byte too large",
      text: frameOf({ x: "y".repeat(256 * 1024 - 21) }),
      reason: "frame is larger than 262144 bytes",
      fault: "bound",
    },
    {
      name: "of few characters and many bytes",
      text: frameOf({ x: "€".repeat(90_000) }),
      reason: "frame is larger than 262144 bytes",
      fault: "bound",
    },
  ])("$name is not", ({ name: _, text, ...why }) => {
    expect(parseFrame(text, defaultFrameLimits)).toEqual({ kind: "unreadable", ...why });
  });

  it("is read as it was written, whatever it holds", () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue({ maxDepth: 20 }), (type, payload) => {
        const text = JSON.stringify({ type, payload });
        expect(parseFrame(text, defaultFrameLimits)).toEqual({
          kind: "frame",
          type,
          fields: JSON.parse(text),
        });
      }),
    );
  });

  it("is as deep as its objects and lists are", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 12 }), (payload) => {
        const text = JSON.stringify({ type: "next", payload });
        const depth = depthOf(JSON.parse(text));
        expect(parseFrame(text, { ...defaultFrameLimits, depth }).kind).toBe("frame");
        expect(parseFrame(text, { ...defaultFrameLimits, depth: depth - 1 }).kind).toBe("unreadable");
      }),
    );
  });

  it("is as large as its bytes are", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (content) => {
        const text = JSON.stringify({ type: "next", content });
        const frameBytes = new TextEncoder().encode(text).length;
        expect(utf8Length(text)).toBe(frameBytes);
        expect(parseFrame(text, { ...defaultFrameLimits, frameBytes }).kind).toBe("frame");
        expect(parseFrame(text, { ...defaultFrameLimits, frameBytes: frameBytes - 1 }).kind).toBe(
          "unreadable",
        );
      }),
    );
  });

  it("never makes the reader throw, and what is read has a text for a type", () => {
    const pieces = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      '"',
      "\\",
      ":",
      ",",
      "type",
      '"type":"x"',
      "\u0000",
      "😀",
      "1",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.array(pieces).map((all) => all.join("")),
        ),
        (text) => {
          const frame = parseFrame(text, defaultFrameLimits);
          expect(frame.kind === "unreadable" ? frame.reason : frame.type).toEqual(expect.any(String));
        },
      ),
    );
  });
});

function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}
