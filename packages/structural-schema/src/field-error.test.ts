import { describe, expect, test } from "vitest";
import {
  childPath,
  type FieldError,
  fieldErrorBody,
  fieldErrorPath,
  fieldErrorReason,
  forbidden,
  formatFieldError,
  invalid,
  required,
} from "./field-error.ts";

describe("a fault in the words of Kubernetes", () => {
  test.each<{ error: FieldError; text: string }>([
    { error: required("spec.a"), text: "spec.a: Required value" },
    { error: required("spec.a", "give one"), text: "spec.a: Required value: give one" },
    { error: invalid("a", "x", "is wrong"), text: 'a: Invalid value: "x": is wrong' },
    {
      error: invalid("a", { b: "<c>" }, "is wrong"),
      text: 'a: Invalid value: {"b":"\\u003cc\\u003e"}: is wrong',
    },
    { error: invalid("a", "<b>", "is wrong"), text: 'a: Invalid value: "<b>": is wrong' },
    { error: invalid("a", undefined, "is wrong"), text: "a: Invalid value: null: is wrong" },
    { error: forbidden("a", "is set by the server"), text: "a: Forbidden: is set by the server" },
    { error: { kind: "Duplicate", field: "a[1]", value: 1, detail: "" }, text: "a[1]: Duplicate value: 1" },
    { error: { kind: "NotFound", field: "a", value: "x", detail: "" }, text: 'a: Not found: "x"' },
    { error: { kind: "TooLong", field: "a", detail: "may not be" }, text: "a: Too long: may not be" },
    { error: invalid("", 1, "is wrong"), text: "<nil>: Invalid value: 1: is wrong" },
  ])("$text", ({ error, text }) => {
    expect(formatFieldError(error)).toBe(text);
    expect(`${fieldErrorPath(error)}: ${fieldErrorBody(error)}`).toBe(text);
  });

  test("has a reason for machines", () => {
    expect(fieldErrorReason(required("a"))).toBe("FieldValueRequired");
  });

  test("is about a member of a member", () => {
    expect([childPath("", "spec"), childPath("spec", "a")]).toEqual(["spec", "spec.a"]);
  });
});
