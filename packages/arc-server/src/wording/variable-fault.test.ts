import { arcSchema } from "@lmos/protocol";
import { buildSchema, type OperationDefinitionNode, parse } from "graphql";
import { describe, expect, it } from "vitest";
import { variableFault } from "./variable-fault.ts";

const schema = buildSchema(arcSchema);

function faultOf(query: string, variables: Readonly<Record<string, unknown>>) {
  const [definition] = parse(query).definitions;
  return variableFault(definition as OperationDefinitionNode, { schema, variables });
}

const asking = "subscription($request: AgentRequestInput!, $agentName: String) { agent { status } }";
const message = { role: "user", content: "hello" };
const request = { messages: [message], conversationContext: { conversationId: "c1" } };

describe("variables without a fault", () => {
  it.each([
    { name: "all that is required", variables: { request } },
    { name: "one that nobody declares", variables: { request, other: 1 } },
    { name: "null where it may be", variables: { request, agentName: null } },
    { name: "one message for a list of it", variables: { request: { ...request, messages: message } } },
    { name: "null for what has a default", variables: { request: { ...request, systemContext: null } } },
    { name: "an empty list", variables: { request: { ...request, messages: [] } } },
  ])("$name", ({ variables }) => {
    expect(faultOf(asking, variables)).toBeUndefined();
  });

  it("are those of an operation that declares a default", () => {
    expect(faultOf('query($name: String! = "x") { __typename }', {})).toBeUndefined();
  });
});

describe("a fault of variables", () => {
  const withMessage = (more: object) => ({ request: { ...request, messages: [{ ...message, ...more }] } });
  it.each([
    {
      name: "none at all",
      variables: {},
      says: "Variable 'request' has coerced Null value for NonNull type 'AgentRequestInput!'",
    },
    {
      name: "a field that is missing",
      variables: { request: { messages: [] } },
      says: "Field 'conversationContext' has coerced Null value for NonNull type 'ConversationContextInput!'",
    },
    {
      name: "null in a list",
      variables: { request: { ...request, messages: [message, null] } },
      says: "Coerced Null value for NonNull type 'MessageInput!'",
    },
    {
      name: "a list in place of an object",
      variables: { request: [] },
      says: "Expected type 'Map' but was 'ArrayList'. Variables for input objects must be an instance of type 'Map'.",
    },
    {
      name: "a whole number",
      variables: withMessage({ content: 5 }),
      says: "Expected a String input, but it was a 'Integer'",
    },
    {
      name: "a large one",
      variables: withMessage({ content: 2 ** 31 }),
      says: "Expected a String input, but it was a 'Long'",
    },
    {
      name: "a huge one",
      variables: withMessage({ content: 1e30 }),
      says: "Expected a String input, but it was a 'BigInteger'",
    },
    {
      name: "a fraction",
      variables: withMessage({ content: 0.5 }),
      says: "Expected a String input, but it was a 'Double'",
    },
    {
      name: "a truth",
      variables: withMessage({ content: true }),
      says: "Expected a String input, but it was a 'Boolean'",
    },
    {
      name: "an object",
      variables: withMessage({ content: {} }),
      says: "Expected a String input, but it was a 'LinkedHashMap'",
    },
    {
      name: "two, of which the first by the alphabet is told",
      variables: withMessage({ role: null, content: 1 }),
      says: "Expected a String input, but it was a 'Integer'",
    },
  ])("$name is told with the place of the variable", ({ variables, says }) => {
    expect(faultOf(asking, variables)).toEqual({
      message: `Variable 'request' has an invalid value: ${says}`,
      locations: [{ line: 1, column: 14 }],
    });
  });

  it("of the second variable has its name and place", () => {
    expect(faultOf(asking, { request, agentName: 1 })).toEqual({
      message: "Variable 'agentName' has an invalid value: Expected a String input, but it was a 'Integer'",
      locations: [{ line: 1, column: 44 }],
    });
  });

  it.each(["nope", "constructor", "toString"])(
    "that is a field %s which nobody knows has no place",
    (name) => {
      expect(faultOf(asking, { request: { ...request, [name]: 1 } })).toEqual({
        message: `The variables input contains a field name '${name}' that is not defined for input object type 'AgentRequestInput' `,
      });
    },
  );
});
