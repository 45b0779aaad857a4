import { GraphQLError } from "graphql";
import { expect, it } from "vitest";
import { bounded } from "./operation-error.ts";

const locations = [{ line: 1, column: 2 }];

it.each([
  { name: "a short message", message: "no" },
  { name: "one as long as may be", message: "x".repeat(1_000) },
])("leaves $name alone", ({ message }) => {
  const error = { message, locations };
  expect(bounded(error)).toBe(error);
});

it("keeps the beginning of a longer one, and where it was", () => {
  const error = { message: `no: ${"x".repeat(1_000_000)}`, locations, extensions: { code: "NO" } };
  const { message, ...rest } = bounded(error);
  expect(message).toBe(`no: ${"x".repeat(996)}\u2026`);
  expect(rest).toEqual({ locations, extensions: { code: "NO" } });
});

it("keeps no half of a character", () => {
  expect(bounded({ message: `${"x".repeat(999)}\u{1f600}y` }).message).toBe(`${"x".repeat(999)}\ufffd\u2026`);
});

it("writes an error of graphql-js without what it has beside", () => {
  expect(bounded(new GraphQLError("x".repeat(2_000)))).toEqual({ message: `${"x".repeat(1_000)}\u2026` });
});
