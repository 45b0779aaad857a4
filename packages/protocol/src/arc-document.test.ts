import { describe, expect, it } from "vitest";
import { isUnknownFieldRefusal } from "./arc-document.ts";

describe("a refusal", () => {
  const java = (field: string): string =>
    `Validation error (FieldUndefined@[agent/${field}]) : Field '${field}' in type 'AgentResult' is undefined`;
  it.each([
    { name: "of graphql-java, for the type", errors: [java("type")], understood: true },
    {
      name: "of graphql-java, for both fields",
      errors: [java("type"), java("toolCalls/name")],
      understood: true,
    },
    { name: "for a field that both documents have", errors: [java("status")], understood: false },
    { name: "for that as well", errors: [java("type"), java("status")], understood: false },
    { name: "for a field whose name begins alike", errors: [java("typeOfAgent")], understood: false },
    { name: "of another type", errors: ['Cannot query field "type" on type "Message".'], understood: false },
    { name: "of an agent that quotes the words", errors: ["agent/type is unknown"], understood: false },
    { name: "without a word", errors: [], understood: false },
  ])("$name: understood as one of an older server: $understood", ({ errors, understood }) => {
    expect(isUnknownFieldRefusal(errors)).toBe(understood);
  });
});
