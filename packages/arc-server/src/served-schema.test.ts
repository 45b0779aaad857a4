/** What callers ask, held against what is served today, and what ARC 0.126 serves. */
import { arcDocument, arcFallbackDocument, arcSchema, isUnknownFieldRefusal } from "@lmos/protocol";
import { buildSchema, parse, validate } from "graphql";
import { describe, expect, it } from "vitest";

/** What ARC 0.126 serves: the same without two fields. */
const olderSchema = arcSchema
  .replace("  toolCalls: [ToolCall!]\n", "")
  .replace("  type: AgentResultType\n", "");

function refusalsOf(document: string, schema: string): readonly string[] {
  return validate(buildSchema(schema), parse(document)).map(({ message }) => message);
}

describe("the documents of a caller", () => {
  it.each([
    { name: "the full one by today's schema", document: arcDocument, schema: arcSchema, accepted: true },
    {
      name: "the fallback by today's schema",
      document: arcFallbackDocument,
      schema: arcSchema,
      accepted: true,
    },
    {
      name: "the fallback by an older schema",
      document: arcFallbackDocument,
      schema: olderSchema,
      accepted: true,
    },
    { name: "but not the full one", document: arcDocument, schema: olderSchema, accepted: false },
  ])("are accepted: $name", ({ document, schema, accepted }) => {
    expect(refusalsOf(document, schema).length === 0).toBe(accepted);
  });

  it("are refused by an older schema in words that are understood", () => {
    expect(isUnknownFieldRefusal(refusalsOf(arcDocument, olderSchema))).toBe(true);
  });
});
