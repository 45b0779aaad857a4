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
    expect(prepare(query, named)).toMatchObject({ kind: "prepared", type });
  });

  it.each([
    { name: "is no GraphQL", query: "{ agent {", says: /Syntax Error/ },
    {
      name: "asks for a field that there is not",
      query: "{ agent { secrets } }",
      says: /Cannot query field "secrets"/,
    },
    {
      name: "has several operations and names none",
      query: "query a { __typename } query b { __typename }",
      says: /Name one operation/,
    },
    {
      name: "names an operation that it has not",
      query: "query a { __typename }",
      named: "z",
      says: /Name one operation/,
    },
    {
      name: "is too long",
      query: `{ ${"__typename ".repeat(5_000)} }`,
      says: /Document contains more than 4000 tokens/i,
    },
    { name: "is empty", query: "", says: /Syntax Error/ },
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

  it("is not kept for ever: callers that send new ones each time cost no memory", () => {
    const many = new Documents(buildSchema(arcSchema));
    const query = (index: number) => `query q${index} { agent { names } }`;
    for (let index = 0; index < 100; index += 1) many.prepare({ query: query(index), variables: {} });
    const [first, second] = [99, 99].map((index) => many.prepare({ query: query(index), variables: {} }));
    expect(
      first?.kind === "prepared" && second?.kind === "prepared" && first.document === second.document,
    ).toBe(false);
  });
});
