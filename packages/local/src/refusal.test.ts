import { KubeError, type KubeErrorCode } from "@lmos/kube";
import { describe, expect, test } from "vitest";
import { LocalError } from "./errors.ts";
import { isRefusal } from "./refusal.ts";

describe("isRefusal", () => {
  const ofOneObject: Readonly<Record<KubeErrorCode, boolean>> = {
    AlreadyExists: true,
    BadRequest: true,
    Conflict: true,
    Expired: false,
    Forbidden: true,
    Invalid: true,
    InvalidConfiguration: false,
    NotFound: true,
    ProtocolError: false,
    ResponseTooLarge: false,
    ServerError: true,
    Timeout: false,
    TooManyRequests: false,
    Unauthorized: false,
    Unavailable: false,
    Unreachable: false,
  };

  test.each(Object.entries(ofOneObject))("a KubeError %s: %s", (code, expected) => {
    const known = Object.keys(ofOneObject).find((one): one is KubeErrorCode => one === code);
    expect(known !== undefined && isRefusal(new KubeError(known, "said"))).toBe(expected);
  });

  test.each([
    { name: "a kind that is not served", error: new LocalError("UnknownKind", "x"), expected: true },
    { name: "an object without a name", error: new LocalError("InvalidObject", "x"), expected: false },
    { name: "a stop", error: new Error("stopped by SIGINT"), expected: false },
    { name: "what is no error", error: "Invalid", expected: false },
  ])("$name: $expected", ({ error, expected }) => {
    expect(isRefusal(error)).toBe(expected);
  });
});
