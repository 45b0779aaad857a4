import { arcDocument, arcFallbackDocument, arcSchema } from "@lmos/protocol";
import { buildSchema, getIntrospectionQuery, parse, validate } from "graphql";
import { describe, expect, it } from "vitest";
import { limitAliases, maxAliases } from "./alias-limit.ts";

const schema = buildSchema(arcSchema);

function refusalsOf(document: string): readonly string[] {
  return validate(schema, parse(document), [limitAliases]).map(({ message }) => message);
}

const aliases = (count: number, field: string): string =>
  Array.from({ length: count }, (_, at) => `a${at}: ${field}`).join(" ");

describe("a document is fine", () => {
  it.each([
    { name: "that runtimes send", document: arcDocument },
    { name: "that runtimes send to older agents", document: arcFallbackDocument },
    { name: "of introspection", document: getIntrospectionQuery() },
    { name: "without aliases, whatever it repeats", document: `{ agent { ${"names ".repeat(100)} } }` },
    { name: "with some aliases", document: `{ ${aliases(maxAliases, "agent { names }")} }` },
  ])("$name", ({ document }) => {
    expect(refusalsOf(document)).toEqual([]);
  });
});

describe("a document with more aliases is refused once, saying what to do,", () => {
  const half = aliases(6, "content");
  it.each([
    { name: "side by side", document: `{ ${aliases(maxAliases + 1, "agent { names }")} }` },
    { name: "many of them", document: `{ ${aliases(600, "agent { names }")} }` },
    {
      name: "within one another",
      document: `subscription ($r: AgentRequestInput!) { agent(request: $r) { ${aliases(6, `messages { ${half} }`)} } }`,
    },
    {
      name: "in fragments",
      document: `{ agent { ...A } ...B } fragment A on Agents { ${aliases(6, "names")} } fragment B on Query { ${aliases(6, "agent { names }")} }`,
    },
  ])("$name", ({ document }) => {
    expect(refusalsOf(document)).toEqual(["The document has more than 5 aliases: ask for each field once."]);
  });
});
