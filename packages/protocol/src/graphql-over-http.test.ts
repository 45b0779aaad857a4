import { describe, expect, it } from "vitest";
import { graphqlBodySchema, graphqlParametersSchema } from "./graphql-over-http.ts";

const query = "{ agent { names } }";

describe("a request as JSON", () => {
  it.each([
    { name: "a query alone", body: { query }, read: { query, variables: {} } },
    {
      name: "members that are null",
      body: { query, operationName: null, variables: null },
      read: { query, variables: {} },
    },
    {
      name: "all members, and one that is unknown",
      body: { query, operationName: "a", variables: { b: [1] }, extensions: {} },
      read: { query, operationName: "a", variables: { b: [1] } },
    },
    { name: "no query", body: {}, read: { query: "", variables: {} } },
    { name: "a number as query", body: { query: 1 }, read: { query: "1", variables: {} } },
  ])("is read with $name", ({ body, read }) => {
    expect(graphqlBodySchema.parse(body)).toEqual(read);
  });

  it.each([
    null,
    [],
    "x",
    { query: null },
    { query: true },
    { query, variables: "{}" },
    { query, variables: [1] },
    { query, operationName: 1 },
  ])("%j is none", (body) => {
    expect(graphqlBodySchema.safeParse(body).success).toBe(false);
  });
});

describe("parameters", () => {
  it("without a query are none", () => {
    expect(graphqlParametersSchema.safeParse({}).success).toBe(false);
  });

  it.each([
    { variables: undefined, read: {} },
    { variables: '{"a":{"b":1}}', read: { a: { b: 1 } } },
    { variables: "null", read: {} },
  ])("hold $variables as JSON", ({ variables, read }) => {
    expect(graphqlParametersSchema.parse({ query, variables }).variables).toEqual(read);
  });

  it.each(["{", "7", "[]", '"x"', ""])("with the variables %s are none", (variables) => {
    expect(graphqlParametersSchema.safeParse({ query, variables }).success).toBe(false);
  });
});
