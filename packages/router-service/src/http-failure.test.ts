import { describe, expect, it } from "vitest";
import { z } from "zod";
import { classifierShape, openAiShape, parseBody, shapeOf } from "./http-failure.ts";

describe("the shape of a failure", () => {
  it.each([
    { url: "/api/v1/routings/vector", openAi: false },
    { url: "/v1/chat/completions", openAi: true },
    { url: "/v1/models?x=1", openAi: true },
    { url: "/openai/acme/web/v1/chat/completions", openAi: true },
    { url: "/v1", openAi: false },
    { url: "/v10/x", openAi: false },
    { url: "/api/v1/openai/", openAi: false },
    { url: "", openAi: false },
  ])("below $url is OpenAI's: $openAi", ({ url, openAi }) => {
    expect(shapeOf(url)).toBe(openAi ? openAiShape : classifierShape);
  });

  it.each([
    { status: 400, type: "invalid_request_error" },
    { status: 404, type: "invalid_request_error" },
    { status: 501, type: "server_error" },
    { status: 503, type: "server_error" },
  ])("of OpenAI says of $status that it is a $type", ({ status, type }) => {
    expect(openAiShape({ status, code: "NO_AGENTS", message: "none" })).toEqual({
      error: { message: "none", type, param: null, code: "no_agents" },
    });
  });
});

describe("a body", () => {
  const schema = z.object({ a: z.object({ b: z.string() }), c: z.number().optional() });

  it("is read", () => {
    expect(parseBody(schema, { a: { b: "x" }, more: 1 })).toEqual({
      kind: "parsed",
      value: { a: { b: "x" } },
    });
  });

  it.each([
    { name: "none", body: undefined, says: ["a: "] },
    { name: "null", body: null, says: ["a: "] },
    { name: "a text", body: "x", says: [": "] },
    { name: "wrong in one field", body: { a: { b: 1 } }, says: ["a.b: "] },
    { name: "wrong in two fields", body: { a: { b: 1 }, c: "x" }, says: ["a.b: ", "c: "] },
  ])("that is $name is refused, and its fields are named", ({ body, says }) => {
    const parsed = parseBody(schema, body);
    expect(parsed).toMatchObject({ kind: "invalid", failure: { status: 400, code: "INVALID_REQUEST" } });
    const message = parsed.kind === "invalid" ? parsed.failure.message : "";
    for (const field of says) expect(message).toContain(field);
  });

  it("names five faults at most", () => {
    const many = z.object(Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`f${i}`, z.string()])));
    const parsed = parseBody(many, {});
    expect(parsed.kind === "invalid" && parsed.failure.message.match(/f\d:/g)).toHaveLength(5);
  });
});
