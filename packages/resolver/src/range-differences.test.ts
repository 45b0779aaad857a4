/**
 * Further ranges beside what semver4j 6.0.0, the Kotlin operator's library, was seen to do with them: the usual forms
 * match the same versions, and every other one is a difference on purpose, with its reason (docs/resolution.md).
 */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { parseRange } from "./range.ts";
import { parseVersion } from "./version.ts";

const { versions, satisfies } = z
  .object({ versions: z.array(z.string()), satisfies: z.record(z.string(), z.array(z.string())) })
  .parse(JSON.parse(readFileSync(new URL("./testdata/semver4j-6.0.0-more.json", import.meta.url), "utf8")));

/** By reason: the ranges, each with the range that says in plain comparators what it means here, or that it is invalid. */
const differences: Readonly<Record<string, Readonly<Record<string, string | "invalid">>>> = {
  "semver4j finds every release with `*` alone": {
    ...{
      x: "*",
      ">=x": "*",
      "<=*": "*",
      "^*": "*",
      "=*": "*",
      "=x": "*",
      "~x": "*",
      "~>*": "*",
      "*.*.*": "*",
    },
    "+": "*",
  },
  "semver4j finds nothing up to any version": { "1.2 - x": ">=1.2.0", "1.2.3 - *": ">=1.2.3" },
  "semver4j finds any release, or none, above nothing": {
    "^0": ">=0.0.0 <1.0.0",
    "^0.x": ">=0.0.0 <1.0.0",
    "^0.*": ">=0.0.0 <1.0.0",
    "^0.0": ">=0.0.0 <0.1.0",
    "^0.0.x": ">=0.0.0 <0.1.0",
  },
  "semver4j drops a bound, or both, where a comma stands": {
    ">=1.0.0,<2.0.0": ">=1.0.0 <2.0.0",
    ">=1.0.0, <2.0.0": ">=1.0.0 <2.0.0",
    "1.0.0, 2.0.0": "invalid",
  },
  "semver4j drops all but plain comparators beside each other": {
    ">=1.0.0 ~1.2": ">=1.2.0 <1.3.0",
    "^1.0.0 <=2.1.0": ">=1.0.0 <2.0.0",
    "* >1.2.3": ">1.2.3",
    "~1.2 ~1.2.3": ">=1.2.3 <1.3.0",
    "3.x ^2": "invalid",
  },
  "semver4j knows no round bracket beside a version, no blank within, no single version and no second interval":
    {
      "[1.0]": "1.0.0",
      "[1.2.3]": "1.2.3",
      "[1.0,2.0)": ">=1.0.0 <2.0.0",
      "(1.0,2.0]": ">1.0.0 <=2.0.0",
      "(1.0,2.0)": ">1.0.0 <2.0.0",
      "(1.0,)": ">1.0.0",
      "[1.0, 2.0]": ">=1.0.0 <=2.0.0",
      "[1.0,2.0],[3.0,4.0]": ">=1.0.0 <=2.0.0 || >=3.0.0 <=4.0.0",
    },
  "semver4j leaves out what it cannot read": {
    "^1 ||": "invalid",
    "1.x.3": "invalid",
    "1.*.3": "invalid",
    ">=1.2.3 - 2": "invalid",
    ">=1.0.0 && <2.0.0": "invalid",
    ">=1.0.0 | <2.0.0": "invalid",
  },
  "nothing can fit": { ">*": "invalid", ">2.0.0 <1.0.0": "invalid", "[2.0,1.0)": "invalid" },
  "an empty range is a fault to report": { "": "invalid" },
  "Ivy: any release": { "latest.release": "*", "latest.milestone": "*" },
};
const meanings = new Map(Object.values(differences).flatMap((ranges) => Object.entries(ranges)));

function matching(range: string): readonly string[] {
  const parsed = parseRange(range);
  return versions.filter((text) => {
    const version = parseVersion(text);
    return version !== undefined && parsed?.includes(version) === true;
  });
}

describe("the same as semver4j", () => {
  it.each(Object.entries(satisfies).filter(([range]) => !meanings.has(range)))("%s", (range, theirs) => {
    expect(matching(range)).toEqual(theirs);
  });
});

describe("different on purpose", () => {
  it.each([...meanings])("%j means %s", (range, meaning) => {
    expect(parseRange(range) === undefined).toBe(meaning === "invalid");
    expect(matching(range)).toEqual(meaning === "invalid" ? [] : matching(meaning));
  });

  it.each(Object.entries(differences))("%s", (_reason, ranges) => {
    const isSame = (range: string): boolean =>
      parseRange(range) !== undefined && matching(range).join() === satisfies[range]?.join();
    expect(Object.keys(ranges).filter(isSame)).toEqual([]);
  });
});

it("an alternative that names a pre-release counts beside one that any release fits", () => {
  expect(matching("1.2.3-rc.1 || *")).toContain("1.2.3-rc.1");
  expect(matching("1.2.3-rc.1 || *")).not.toContain("1.2.3-rc.2");
});
