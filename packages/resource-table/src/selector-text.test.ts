import { describe, expect, test } from "vitest";
import { formatLabelSelector, formatLabels } from "./selector-text.ts";

describe("labels", () => {
  test.each([
    { name: "none", labels: {}, text: "<none>" },
    { name: "one", labels: { a: "1" }, text: "a=1" },
    { name: "several, by name", labels: { b: "2", a: "1" }, text: "a=1,b=2" },
  ])("$name", ({ labels, text }) => {
    expect(formatLabels(labels)).toBe(text);
  });
});

describe("a selector", () => {
  test.each([
    { name: "of everything", selector: {}, text: "<none>" },
    { name: "of labels", selector: { matchLabels: { b: "2", a: "1" } }, text: "a=1,b=2" },
    {
      name: "of a set, in order",
      selector: { matchExpressions: [{ key: "a", operator: "In", values: ["y", "x"] }] },
      text: "a in (x,y)",
    },
    {
      name: "of all but a set",
      selector: { matchExpressions: [{ key: "a", operator: "NotIn", values: ["x"] }] },
      text: "a notin (x)",
    },
    { name: "of a key", selector: { matchExpressions: [{ key: "a", operator: "Exists" }] }, text: "a" },
    {
      name: "of no key",
      selector: { matchExpressions: [{ key: "a", operator: "DoesNotExist" }] },
      text: "!a",
    },
    {
      name: "of both, by key",
      selector: { matchLabels: { c: "3" }, matchExpressions: [{ key: "b", operator: "Exists" }] },
      text: "b,c=3",
    },
  ])("$name", ({ selector, text }) => {
    expect(formatLabelSelector(selector)).toBe(text);
  });
});
