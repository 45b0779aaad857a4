import fc from "fast-check";
import { GraphQLError, parse } from "graphql";
import { describe, expect, it } from "vitest";
import { syntaxError } from "./syntax-error.ts";

function told(query: string) {
  try {
    parse(query, { maxTokens: 100 });
    return undefined;
  } catch (error) {
    return error instanceof GraphQLError ? syntaxError(error, query, 100) : undefined;
  }
}

describe("an error of syntax", () => {
  it.each([
    { name: "at the end", query: "{ agent {", says: "with offending token '<EOF>'", line: 1, column: 10 },
    { name: "at a word", query: "nope", says: "with offending token 'nope'", line: 1, column: 1 },
    { name: "at a brace", query: "}", says: "with offending token '}'", line: 1, column: 1 },
    {
      name: "on the third line",
      query: "{\n agent(\n",
      says: "with offending token '<EOF>'",
      line: 3,
      column: 1,
    },
    {
      name: "at a text",
      query: '{a(b "x y"){c}}',
      says: "with offending token '\"x y\"'",
      line: 1,
      column: 6,
    },
    { name: "at dots", query: "{a(b ...){c}}", says: "with offending token '...'", line: 1, column: 6 },
    { name: "behind a document", query: "{a} b", says: "There are extra tokens", line: 1, column: 5 },
    {
      name: "in a sign that is none",
      query: "{a ?}",
      says: "token recognition error at: '?'",
      line: 1,
      column: 4,
    },
    {
      name: "in a text without an end",
      query: '{a(b:"x){c}}',
      says: "error at: '\"x){c}}'",
      line: 1,
      column: 6,
    },
    {
      name: "in a text of two lines",
      query: '{a(b:"x\ny")}',
      says: "error at: '\"x\\n'",
      line: 1,
      column: 6,
    },
    {
      name: "in a number behind a comment",
      query: "{a(b: #c\n 01)}",
      says: "error at: '01'",
      line: 2,
      column: 2,
    },
  ])("$name says where it is", ({ query, says, line, column }) => {
    const error = told(query);
    expect(error?.message).toContain(says);
    expect(error?.message).toMatch(new RegExp(`^Invalid syntax .* at line ${line} column ${column}$`));
    expect(error?.locations).toEqual([{ line, column }]);
  });

  it("of a document that is too long stays as it is", () => {
    expect(told(`{${"a ".repeat(200)}}`)?.message).toMatch(/more than 100 tokens/);
  });

  it("is told of any text, and has one place", () => {
    const signs = fc.constantFrom(
      "{",
      "}",
      "(",
      ")",
      '"',
      '"""',
      "a",
      "1",
      "0",
      ".",
      "...",
      "$",
      ":",
      "\n",
      " ",
      "é",
      "#",
    );
    fc.assert(
      fc.property(fc.array(signs, { maxLength: 30 }), (parts) => {
        const error = told(parts.join(""));
        if (error === undefined) return;
        expect(error.locations).toHaveLength(1);
        expect(error.message).not.toBe("");
      }),
    );
  });
});
