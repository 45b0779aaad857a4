import { describe, expect, it } from "vitest";
import { KubeError, type KubeErrorCode } from "./errors.ts";
import { askedWaitMs, isOutage } from "./outage.ts";

const codes: Readonly<Record<KubeErrorCode, boolean>> = {
  AlreadyExists: false,
  BadRequest: false,
  Conflict: false,
  Expired: false,
  Forbidden: false,
  Invalid: false,
  InvalidConfiguration: false,
  NotFound: false,
  ProtocolError: false,
  ResponseTooLarge: false,
  ServerError: true,
  Timeout: true,
  TooManyRequests: true,
  Unauthorized: false,
  Unavailable: true,
  Unreachable: true,
};

describe("an outage", () => {
  it.each(Object.entries(codes))("%s says it of the server: %s", (code, outage) => {
    const known = Object.keys(codes).find((each): each is KubeErrorCode => each === code);
    if (known === undefined) throw new Error(`there is no ${code}`);
    expect(isOutage(new KubeError(known, "because"))).toBe(outage);
  });

  it.each([new Error("x"), new TypeError("x"), "text", undefined, { code: "Unreachable" }])(
    "is nothing that others throw: %s",
    (thrown) => {
      expect(isOutage(thrown)).toBe(false);
    },
  );
});

describe("what the server asked to wait", () => {
  it.each([
    { name: "nothing", details: {}, ms: 0 },
    { name: "a second", details: { retryAfterMs: 1_000 }, ms: 1_000 },
    { name: "half a minute", details: { retryAfterMs: 30_000 }, ms: 30_000 },
    { name: "an hour, which nobody believes", details: { retryAfterMs: 3_600_000 }, ms: 30_000 },
    { name: "what is no number", details: { retryAfterMs: "soon" }, ms: 0 },
  ])("$name: $ms ms", ({ details, ms }) => {
    expect(askedWaitMs(new KubeError("TooManyRequests", "later", { details }))).toBe(ms);
  });

  it("is nothing for what others throw", () => {
    expect(askedWaitMs(new Error("x"))).toBe(0);
  });
});
