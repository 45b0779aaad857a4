import { describe, expect, it } from "vitest";
import { TextRows } from "./text-rows.ts";
import { createVocabulary } from "./wordpiece.ts";

const vocabulary = createVocabulary(["[UNK]", "marker", "pay", "bill", "##s"]);
if (vocabulary === undefined) throw new Error("no vocabulary");

function rowsOf(finder: TextRows, text: string): readonly number[] {
  const { rows, count } = finder.find(text);
  return [...rows.subarray(0, count)];
}

describe("TextRows", () => {
  it.each([
    { name: "a row for each piece", text: "pay bills", expected: [0, 1, 2] },
    { name: "the same row for the same piece", text: "pay pay", expected: [0, 0] },
    { name: "none for pieces before the first row", text: "marker pay", expected: [0] },
    { name: "none for what is unknown", text: "other bill", expected: [1] },
    { name: "none for nothing", text: "", expected: [] },
  ])("names $name", ({ text, expected }) => {
    expect(rowsOf(new TextRows(vocabulary, 2), text)).toEqual(expected);
  });

  it("names the same rows whatever was asked before", () => {
    const finder = new TextRows(vocabulary, 2);
    const texts = ["pay", "pay", "bill ".repeat(1000), "pay", "", "", "pay bills"];
    for (const text of texts) expect(rowsOf(finder, text)).toEqual(rowsOf(new TextRows(vocabulary, 2), text));
  });
});
