import { describe, expect, test } from "vitest";
import { parseFieldSelector, selectsFields } from "./field-selector.ts";

const object = { metadata: { name: "a", namespace: "n" }, status: { phase: "Running" } };

describe("a field selector", () => {
  test.each([
    ["", true],
    ["metadata.name=a", true],
    ["metadata.name==a,metadata.namespace=n", true],
    ["metadata.name!=a", false],
    ["status.phase=Running", true],
    ["status.phase!=Failed", true],
    ["status.reason=", true],
  ])("%j selects: %s", (text, selected) => {
    const selector = parseFieldSelector(text, ["status.phase", "status.reason"]);
    expect(selectsFields(selector, object)).toBe(selected);
  });

  test("says which field can't be selected by", () => {
    expect(() => parseFieldSelector("spec.x=1", [])).toThrow("field label not supported: spec.x");
  });

  test("says which part it can't read", () => {
    expect(() => parseFieldSelector("metadata.name", [])).toThrow(
      "invalid selector: 'metadata.name'; can't understand 'metadata.name'",
    );
  });
});
