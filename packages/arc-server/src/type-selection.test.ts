import { arcDocument, arcFallbackDocument, arcSchema } from "@lmos/protocol";
import { buildSchema, parse } from "graphql";
import { describe, expect, it } from "vitest";
import { asksForType } from "./type-selection.ts";

const schema = buildSchema(arcSchema);
const asking = (selection: string, more = "") =>
  `subscription($request: AgentRequestInput!) { agent(request: $request) { ${selection} } } ${more}`;

describe("a document asks for the type of results", () => {
  it.each([
    { name: "our client's", document: arcDocument, asks: true },
    { name: "our client's for old servers", document: arcFallbackDocument, asks: false },
    { name: "one with nothing else", document: asking("type"), asks: true },
    { name: "one that calls it otherwise", document: asking("kind: type"), asks: true },
    { name: "one that calls something else so", document: asking("type: status"), asks: false },
    {
      name: "one with a fragment",
      document: asking("...A", "fragment A on AgentResult { type }"),
      asks: true,
    },
    { name: "one with a fragment in place", document: asking("... on AgentResult { type }"), asks: true },
    {
      name: "one for the types of entities only",
      document: asking("anonymizationEntities { type value }"),
      asks: false,
    },
    {
      name: "one for both",
      document: asking("anonymizationEntities { type value } type"),
      asks: true,
    },
    { name: "one for names of types", document: asking("__typename"), asks: false },
    { name: "a query", document: "{ agent { names } }", asks: false },
  ])("$name: $asks", ({ document, asks }) => {
    expect(asksForType(parse(document), schema)).toBe(asks);
  });
});
