import { arcSchema } from "@lmos/protocol";
import { buildSchema } from "graphql";
import { describe, expect, it } from "vitest";
import { Documents } from "./documents.ts";

const documents = new Documents(buildSchema(arcSchema));
const prepare = (query: string, operationName?: string) =>
  documents.prepare({ query, operationName, variables: {} });

describe("a document", () => {
  it.each([
    { name: "a query", query: "{ agent { names } }", type: "query" },
    {
      name: "the one that is named",
      query: "query a { agent { names } } query b { __typename }",
      named: "b",
      type: "query",
    },
  ])("of $name is prepared", ({ query, named, type }) => {
    expect(prepare(query, named)).toMatchObject({ kind: "prepared", operation: { operation: type } });
  });

  it.each([
    { name: "is no GraphQL", query: "{ agent {", says: /^Invalid syntax with offending token/ },
    {
      name: "asks for a field that there is not",
      query: "{ agent { secrets } }",
      says: /Field 'secrets' in type 'Agents' is undefined/,
    },
    {
      name: "has several operations and names none",
      query: "query a { __typename } query b { __typename }",
      says: /^Must provide operation name/,
    },
    {
      name: "names an operation that it has not",
      query: "query a { __typename }",
      named: "z",
      says: /^Unknown operation named 'z'/,
    },
    {
      name: "is too long",
      query: `{ ${"__typename ".repeat(5_000)} }`,
      says: /Document contains more than 4000 tokens/i,
    },
    {
      name: "is nested too deeply",
      query: `{ agent(x: ${"[".repeat(1_990)}${"]".repeat(1_990)}) }`,
      says: /nested too deeply/,
    },
    {
      name: "asks for the same again and again under other names",
      query: `{ ${Array.from({ length: 600 }, (_, at) => `a${at}: agent { names }`).join(" ")} }`,
      says: /more than 5 aliases: ask for each field once/,
    },
    { name: "is empty", query: "", says: /offending token '<EOF>'/ },
  ])("that $name is refused", ({ query, named, says }) => {
    const prepared = prepare(query, named);
    expect(prepared).toMatchObject({ kind: "refused", errors: [{ message: expect.stringMatching(says) }] });
  });

  it("is parsed once, however often it comes", () => {
    const [first, second] = [prepare("{ agent { names } }"), prepare("{ agent { names } }")];
    expect(
      first.kind === "prepared" && second.kind === "prepared" && first.document === second.document,
    ).toBe(true);
  });

  describe("of which callers send many others", () => {
    const other = (index: number) => `query q${index} { agent { names } }`;
    const rows = [
      { name: "is kept while it is used", query: "{ agent { names } }", usedEvery: 50, kept: true },
      { name: "is forgotten when it is not", query: "{ agent { names } }", usedEvery: 1000, kept: false },
      {
        name: "is not kept when it is long",
        query: `# ${"x".repeat(10_000)}\n{ agent { names } }`,
        usedEvery: 1,
        kept: false,
      },
    ];
    it.each(rows)("$name", ({ query, usedEvery, kept }) => {
      const many = new Documents(buildSchema(arcSchema));
      const documentOf = (text: string) => {
        const prepared = many.prepare({ query: text, variables: {} });
        return prepared.kind === "prepared" ? prepared.document : undefined;
      };
      const first = documentOf(query);
      for (let index = 1; index < 200; index += 1) {
        documentOf(other(index));
        if (index % usedEvery === 0) documentOf(query);
      }
      expect(documentOf(query) === first).toBe(kept);
    });
  });
});
