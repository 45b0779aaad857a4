import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { LmosError } from "./error.ts";
import { faultFields } from "./fault-fields.ts";

function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

/** An error whose name and stack are as told. */
const errorWith = (members: object): Error => Object.assign(new Error("canary"), members);

describe("S13 what the log says of an error that nobody foresaw", () => {
  test.each([
    {
      name: "a parser that quotes what it read",
      error: thrownBy(() => JSON.parse("canary")),
      says: "SyntaxError",
    },
    { name: "a failed access", error: new TypeError("cannot read canary of undefined"), says: "TypeError" },
    { name: "one with a code", error: errorWith({ code: "ERR_X" }), says: "Error ERR_X" },
    {
      name: "one with a code and SQLite's number",
      error: errorWith({ code: "ERR_SQLITE_ERROR", errcode: 13, errstr: "canary" }),
      says: "Error ERR_SQLITE_ERROR 13",
    },
    {
      name: "one of several lines",
      error: new RangeError("canary\n    at canary (canary.ts:1:1)"),
      says: "RangeError",
    },
    { name: "one with a cause", error: new Error("canary", { cause: new Error("canary") }), says: "Error" },
  ])("has kind and places of $name, and nothing of its message", ({ error, says }) => {
    const fields = faultFields(error);
    expect(fields).toMatchObject({
      error: says,
      at: expect.arrayContaining([expect.stringMatching(/^at /)]),
    });
    expect(JSON.stringify(fields)).not.toContain("canary");
  });

  test.each([
    { name: "a name that is a text", error: errorWith({ name: "canary was here" }) },
    { name: "a code that is a text", error: errorWith({ code: "canary was here" }) },
    { name: "a number that is a text", error: errorWith({ errcode: "canary" }) },
    { name: "a stack of its own", error: errorWith({ stack: "canary\n    at canary (x.ts:1:1)" }) },
    { name: "no stack", error: errorWith({ stack: undefined }) },
    { name: "a text that is thrown", error: "canary" },
    { name: "an object that is thrown", error: { canary: "canary" } },
    { name: "nothing that is thrown", error: undefined },
    { name: "what pretends to be of the system", error: errorWith({ syscall: "canary" }) },
  ])("has nothing of $name", ({ error }) => {
    expect(JSON.stringify(faultFields(error))).not.toContain("canary");
  });

  test("has five places at most", () => {
    const deep = (depth: number): unknown => (depth === 0 ? new Error("canary") : deep(depth - 1));
    expect(Object(faultFields(deep(50))).at).toHaveLength(5);
  });
});

describe("what the log says in words are messages", () => {
  class TestError extends LmosError<"Away"> {}

  test("of our own errors", () => {
    expect(faultFields(new TestError("Away", "the store is away"))).toEqual({ error: "the store is away" });
  });

  test("of the system", async () => {
    const socket = connect(1, "127.0.0.1"); // nobody listens there
    const [error]: unknown[] = await once(socket, "error");
    expect(faultFields(error)).toEqual({ error: "connect ECONNREFUSED 127.0.0.1:1" });
  });
});
