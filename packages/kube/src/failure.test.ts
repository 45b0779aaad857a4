import { DeadlineExceededError } from "@lmos/primitives";
import { errors } from "undici";
import { describe, expect, it } from "vitest";
import { isKubeError, KubeError, type KubeErrorCode } from "./errors.ts";
import { errorOfAnswer, errorOfTransport } from "./failure.ts";
import { isOutage } from "./outage.ts";

const what = "get ConfigMap default/a";

interface Answer {
  readonly status: number;
  readonly reason?: string;
  readonly code: KubeErrorCode;
  /** Whether it says something about the server and nothing about what was asked. */
  readonly outage: boolean;
}

const answers: readonly Answer[] = [
  { status: 400, reason: "BadRequest", code: "BadRequest", outage: false },
  { status: 401, reason: "Unauthorized", code: "Unauthorized", outage: false },
  { status: 403, reason: "Forbidden", code: "Forbidden", outage: false },
  { status: 404, reason: "NotFound", code: "NotFound", outage: false },
  { status: 405, reason: "MethodNotAllowed", code: "BadRequest", outage: false },
  { status: 406, reason: "NotAcceptable", code: "BadRequest", outage: false },
  { status: 409, reason: "AlreadyExists", code: "AlreadyExists", outage: false },
  { status: 409, reason: "Conflict", code: "Conflict", outage: false },
  { status: 409, code: "Conflict", outage: false },
  { status: 410, reason: "Gone", code: "Expired", outage: false },
  { status: 410, reason: "Expired", code: "Expired", outage: false },
  { status: 410, code: "Expired", outage: false },
  { status: 413, reason: "RequestEntityTooLarge", code: "BadRequest", outage: false },
  { status: 415, reason: "UnsupportedMediaType", code: "BadRequest", outage: false },
  { status: 422, reason: "Invalid", code: "Invalid", outage: false },
  { status: 429, reason: "TooManyRequests", code: "TooManyRequests", outage: true },
  { status: 429, code: "TooManyRequests", outage: true },
  { status: 500, reason: "InternalError", code: "ServerError", outage: true },
  { status: 500, reason: "ServerTimeout", code: "ServerError", outage: true },
  { status: 502, code: "ServerError", outage: true },
  { status: 503, reason: "ServiceUnavailable", code: "Unavailable", outage: true },
  { status: 503, code: "Unavailable", outage: true },
  { status: 504, reason: "Timeout", code: "Timeout", outage: true },
  { status: 504, code: "Timeout", outage: true },
];

describe("the error for an answer", () => {
  it.each(answers)("$status $reason is $code", ({ status, reason, code, outage }) => {
    const body = reason === undefined ? "a proxy's words" : { kind: "Status", reason, message: "because" };
    const error = errorOfAnswer({ what, status, body });
    expect(error.code).toBe(code);
    expect(isOutage(error)).toBe(outage);
    expect(error.message).toBe(`${what}: ${reason === undefined ? "a proxy's words" : "because"}`);
    expect(error.details["status"]).toBe(status);
    expect(error.details["reason"]).toBe(reason);
  });

  it.each([
    { name: "no body", body: undefined },
    { name: "an empty text", body: "  " },
    { name: "JSON that is no Status", body: [1, 2] },
    { name: "a Status without a message", body: { kind: "Status" } },
    { name: "a message that is no text", body: { message: 5, reason: 7 } },
  ])("with $name names the status at least", ({ body }) => {
    expect(errorOfAnswer({ what, status: 500, body }).message).toBe(`${what}: HTTP 500`);
  });

  it("quotes no more than 200 characters of a text", () => {
    const { message } = errorOfAnswer({ what, status: 502, body: "x".repeat(5_000) });
    expect(message).toHaveLength(what.length + 2 + 200);
  });

  it("of a server that lags behind is Expired: only a list helps", () => {
    const causes = [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }];
    const body = { reason: "Timeout", message: "Too large resource version: 9", details: { causes } };
    const error = errorOfAnswer({ what, status: 504, body });
    expect(error.code).toBe("Expired");
    expect(error.details["causes"]).toEqual(causes);
  });

  it("tells how long the server asked to wait", () => {
    const error = errorOfAnswer({ what, status: 429, body: "", retryAfterMs: 3_000 });
    expect(error.details["retryAfterMs"]).toBe(3_000);
  });
});

describe("the error for a call without an answer", () => {
  const { signal } = new AbortController();
  it.each([
    { name: "headers that do not come", thrown: new errors.HeadersTimeoutError(), code: "Timeout" },
    { name: "a body that does not come", thrown: new errors.BodyTimeoutError(), code: "Timeout" },
    { name: "a connection that does not come", thrown: new errors.ConnectTimeoutError(), code: "Timeout" },
    { name: "a deadline", thrown: new DeadlineExceededError("get", 5), code: "Timeout" },
    {
      name: "a socket that breaks",
      thrown: new errors.SocketError("other side closed"),
      code: "Unreachable",
    },
    { name: "a refused connection", thrown: new Error("connect ECONNREFUSED"), code: "Unreachable" },
    { name: "anything else that is thrown", thrown: "a text", code: "Unreachable" },
  ] as const)("$name: $code", ({ thrown, code }) => {
    const error = errorOfTransport(thrown, what, signal);
    expect(isKubeError(error, code)).toBe(true);
    expect(isOutage(error)).toBe(true);
  });

  it("is the reason of the signal once that is aborted", () => {
    const stop = new AbortController();
    const reason = new Error("enough");
    stop.abort(reason);
    expect(errorOfTransport(new Error("aborted"), what, stop.signal)).toBe(reason);
  });

  it("is left as it is where it is known already", () => {
    const known = new KubeError("ProtocolError", "not JSON");
    expect(errorOfTransport(known, what, signal)).toBe(known);
  });
});
