import { describe, expect, test } from "vitest";
import { loggable } from "./loggable.ts";

describe("an id of a client", () => {
  test.each([
    "c1",
    "acme",
    "0af7651916cd43dd8448eb211c80319c",
    "550e8400-e29b-41d4-a716-446655440000",
    "tenant_a.b:c-d",
    "x".repeat(64),
    "a/b",
    "",
  ])("that is %j is shown", (id) => {
    expect(loggable(id)).toBe(id);
  });

  test.each([
    " ",
    "jane.doe@example.com",
    "DE89 3704 0044 0532 0130 00",
    "a\r\nforged: line",
    '","level":"error',
    "../../etc/passwd",
    "-c",
    "ä",
    `${"e".repeat(40)}.${"e".repeat(40)}.${"e".repeat(40)}`,
    "x".repeat(65),
  ])("that is %j is shown by its digest", (id) => {
    expect(loggable(id)).toMatch(/^#[0-9a-f]{12}$/);
  });

  test("has always the same digest, and no other id has it", () => {
    expect(loggable("a@b")).toBe(loggable("a@b"));
    expect(loggable("a@b")).not.toBe(loggable("a@c"));
  });
});
