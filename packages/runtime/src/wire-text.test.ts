import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { wireText } from "./wire-text.ts";

const schema = wireText(20);
const read = (value: unknown) => schema.safeParse(value).data;

describe("what is read as text", () => {
  it.each([
    { name: "text", value: "a", text: "a" },
    { name: "empty text", value: "", text: "" },
    { name: "a number", value: 5, text: "5" },
    { name: "a negative number", value: -7, text: "-7" },
    { name: "zero", value: 0, text: "0" },
    { name: "a number with decimals", value: 1.5, text: "1.5" },
    { name: "a small number", value: 1e-8, text: "1e-8" },
    { name: "fifteen digits", value: 0.123456789012345, text: "0.123456789012345" },
    { name: "the largest whole number that is exact", value: 2 ** 53 - 1, text: "9007199254740991" },
    { name: "true", value: true, text: "true" },
    { name: "false", value: false, text: "false" },
  ])("$name", ({ value, text }) => {
    expect(read(value)).toBe(text);
  });
});

describe("what is not", () => {
  it.each([
    { name: "nothing", value: undefined },
    { name: "null", value: null },
    { name: "a list", value: ["a"] },
    { name: "an object", value: {} },
    { name: "a whole number that may have been rounded", value: 2 ** 53 },
    { name: "a large number", value: 1.5e300 },
    { name: "a number beyond all numbers", value: JSON.parse("1e400") },
    { name: "decimals that may have been rounded", value: JSON.parse("0.12345678901234567890") },
    { name: "a text that is too long", value: "x".repeat(21) },
  ])("$name", ({ value }) => {
    expect(schema.safeParse(value).success).toBe(false);
  });
});

it("no two numbers as they were written are the same text", () => {
  const written = fc.integer({ min: 0, max: 9_999 }).map((last) => `0.1234567890123${last}1`);
  fc.assert(
    fc.property(written, written, (one, other) => {
      const [first, second] = [read(JSON.parse(one)), read(JSON.parse(other))];
      return one === other || first === undefined || first !== second;
    }),
  );
});
