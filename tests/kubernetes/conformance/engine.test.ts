/** The machinery of the suite itself, which would otherwise be believed: what matches, what is made comparable. */
import { describe, expect, test } from "vitest";
import { absent, type Expected, present } from "./case.ts";
import { unmet } from "./matchers.ts";
import { normaliseJson, normaliseText } from "./normalise.ts";
import { valueAt } from "./paths.ts";
import { Values } from "./values.ts";

const answer = {
  kind: "List",
  items: [{ metadata: { name: "a", labels: { "x/y": "1" } } }, { metadata: { name: "b" } }],
};

describe("a path", () => {
  test.each([
    ["kind", "List"],
    ["items[1].metadata.name", "b"],
    ["items[].metadata.name", ["a", "b"]],
    ['items[0].metadata.labels["x/y"]', "1"],
    ["items[7].metadata", undefined],
    ["none.of.these", undefined],
    ["", answer],
  ])("%s", (path, value) => expect(valueAt(answer, path)).toEqual(value));

  test("that cannot be read is an error", () => expect(() => valueAt(answer, "a..b")).toThrow("no path"));
});

describe("an expectation", () => {
  const cases: readonly (readonly [string, Expected, boolean])[] = [
    ["kind", "List", true],
    ["kind", "Other", false],
    ["kind", /^L/, true],
    ["kind", /^X/, false],
    ["none", absent, true],
    ["kind", absent, false],
    ["kind", present, true],
    ["none", present, false],
    ["items", { length: 2 }, true],
    ["items", { length: 3 }, false],
    ["items[].metadata.name", ["b", "a"], false],
    ["items[0].metadata", { labels: { "x/y": "1" }, name: "a" }, true],
  ];
  test.each(cases)("%s %o: %s", (path, expected, holds) => {
    expect(unmet(answer, { [path]: expected })).toHaveLength(holds ? 0 : 1);
  });
});

describe("what varies is taken out", () => {
  test.each([
    ["ages", "NAME  AGE\na     5s\n", "NAME  AGE\na  AGE\n"],
    ["ages of other widths", "a     2m13s   x", "a  AGE  x"],
    ["uids", "uid: 0d1f2a3b-0000-4000-8000-0123456789ab", "uid: UID"],
    ["times", "time: 2026-01-01T00:00:00Z", "time: TIME"],
    [
      "versions",
      'resourceVersion: "12"\nResource Version:  34',
      'resourceVersion: "VERSION"\nResource Version:  VERSION',
    ],
    ["addresses", "at https://127.0.0.1:4711/x", "at SERVER/x"],
  ])("%s", (_, text, normal) => expect(normaliseText(text)).toBe(normal));

  test("but not what is told", () => {
    const value = {
      metadata: { resourceVersion: "0", name: "5s" },
      cells: ["x", "5s"],
      spec: { replicas: 5 },
    };
    expect(normaliseJson(value)).toEqual({ ...value, cells: ["x", "AGE"] });
  });

  test("and managers are in one order, whatever second they wrote in", () => {
    const [a, b] = [{ manager: "a" }, { manager: "b" }];
    expect(normaliseJson({ managedFields: [b, a] })).toEqual({ managedFields: [a, b] });
  });
});

test("values are put in for their names, in members too, and matchers stay what they are", () => {
  const values = new Values({ ns: "c1" });
  values.set("version", "7");
  expect(values.json({ "<ns>": ["<version>", "<other>", 5] })).toEqual({ c1: ["7", "<other>", 5] });
  expect(values.json(/x/)).toEqual(/x/);
});
