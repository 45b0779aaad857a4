import { describe, expect, test } from "vitest";
import { parseLabelSelector, selectsLabels } from "./label-selector.ts";

const labels = { app: "web", tier: "front", "example.dev/x": "1", empty: "" };

describe("a label selector", () => {
  test.each([
    ["", true],
    ["app=web", true],
    ["app==web", true],
    ["app = web , tier != back", true],
    ["app=db", false],
    ["app!=web", false],
    ["missing!=web", true],
    ["app", true],
    ["missing", false],
    ["!missing", true],
    ["! app", false],
    ["app in (db, web)", true],
    ["app in (db)", false],
    ["app notin (db)", true],
    ["missing notin (db)", true],
    ["app in (web),tier in (front,back),!missing", true],
    ["example.dev/x=1", true],
    ["empty=", true],
    ["empty in ()", true],
    ["in=web", false],
  ])("%j selects: %s", (text, selected) => {
    expect(selectsLabels(parseLabelSelector(text), labels)).toBe(selected);
  });

  test.each(["a b", "=b", "a=b=c", "a in b", "a in (b", ",", "a,,b", "a==b c"])("%j is refused", (text) => {
    expect(() => parseLabelSelector(text)).toThrow("unable to parse requirement");
  });
});
