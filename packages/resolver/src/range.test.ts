import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { isRange, parseRange } from "./range.ts";
import { isVersion, parseVersion } from "./version.ts";

const golden = z
  .object({
    parse: z.array(z.object({ v: z.string(), ok: z.boolean(), normal: z.string().nullable() })),
    satisfies: z.array(z.object({ range: z.string(), match: z.record(z.string(), z.boolean()) })),
  })
  .parse(JSON.parse(readFileSync(new URL("./testdata/semver4j-6.0.0.json", import.meta.url), "utf8")));

/** Where we differ from semver4j on purpose: the versions that match with us. */
const differences: Readonly<
  Record<string, { readonly reason: string; readonly matching: readonly string[] }>
> = {
  ">=1.0.0, <2.0.0": {
    reason: "semver4j drops the lower bound (W18)",
    matching: ["1.0.0", "1.0.1", "1.1.0", "1.2.3", "1.2.3+build.5", "1.10.0", "v1.0.0", " 1.0.0 "],
  },
  "[1.0.0,2.0.0)": {
    reason: "semver4j drops the upper bound (W18)",
    matching: ["1.0.0", "1.0.1", "1.1.0", "1.2.3", "1.2.3+build.5", "1.10.0", "v1.0.0", " 1.0.0 "],
  },
  "(1.0,2.0)": {
    reason: "semver4j does not know Maven's exclusive lower bound",
    matching: ["1.0.1", "1.1.0", "1.2.3", "1.2.3+build.5", "1.10.0"],
  },
  "[1.0]": { reason: "Maven: exactly 1.0", matching: ["1.0.0", "v1.0.0", " 1.0.0 "] },
  "[1.0.0]": { reason: "Maven: exactly 1.0.0", matching: ["1.0.0", "v1.0.0", " 1.0.0 "] },
  x: {
    reason: "npm: any release",
    matching: [
      ...["1.0.0", "1.0.1", "1.1.0", "1.2.3", "1.2.3+build.5", "1.10.0", "2.0.0", "0.1.0", "0.0.1"],
      ...["10.0.0", "v1.0.0", " 1.0.0 "],
    ],
  },
  " ": { reason: "an empty range is a fault to report, not a wish for anything", matching: [] },
};

function includes(range: string, version: string): boolean {
  const parsed = parseVersion(version);
  return parsed !== undefined && (parseRange(range)?.includes(parsed) ?? false);
}

describe("versions", () => {
  it.each(golden.parse)("reads $v as semver4j does", ({ v, ok, normal }) => {
    expect(isVersion(v)).toBe(ok);
    expect(parseVersion(v)?.version ?? null).toBe(normal);
  });

  it.each(["latest", "01.0.0", "=1.0.0", "V1.0.0", "9".repeat(300)])("does not read %s", (text) => {
    expect(isVersion(text)).toBe(false);
  });
});

describe("ranges", () => {
  const same = golden.satisfies.filter(({ range }) => differences[range] === undefined);
  it.each(same)("$range matches what semver4j matches", ({ range, match }) => {
    const ours = Object.keys(match).map((version) => [version, includes(range, version)]);
    expect(Object.fromEntries(ours)).toEqual(match);
  });

  const different = golden.satisfies.filter(({ range }) => differences[range] !== undefined);
  it.each(different)("$range differs from semver4j on purpose", ({ range, match }) => {
    const ours = Object.keys(match).filter((version) => includes(range, version));
    const theirs = Object.keys(match).filter((version) => match[version]);
    expect(ours).toEqual(differences[range]?.matching.toSorted(byPlaceIn(Object.keys(match))));
    expect(ours).not.toEqual(theirs);
  });

  it("lists no difference that the table does not have", () => {
    expect(different).toHaveLength(Object.keys(differences).length);
  });

  it.each([
    { range: "[1.0,2.0[", inside: ["1.0.0", "1.9.9"], outside: ["0.9.9", "2.0.0"] },
    { range: "]1.0,2.0]", inside: ["1.0.1", "2.0.0"], outside: ["1.0.0", "2.0.1"] },
    { range: "[1.0,)", inside: ["1.0.0", "10.0.0"], outside: ["0.9.0"] },
    { range: "(,2.0]", inside: ["0.0.1", "2.0.0"], outside: ["2.0.1"] },
    { range: "(,1.0],[1.2,)", inside: ["0.5.0", "1.0.0", "1.2.0"], outside: ["1.1.0"] },
    { range: "[1,2) || ^4.0.0", inside: ["1.5.0", "4.1.0"], outside: ["2.0.0", "3.0.0"] },
    { range: "1.0.+", inside: ["1.0.7"], outside: ["1.1.0"] },
    { range: "+", inside: ["0.1.0", "7.0.0"], outside: ["1.0.0-rc.1"] },
    { range: "latest", inside: ["0.1.0", "7.0.0"], outside: ["1.0.0-rc.1"] },
    { range: "latest.release", inside: ["0.1.0"], outside: ["1.0.0-rc.1"] },
    { range: ">=1.0.0,<2.0.0", inside: ["1.0.0"], outside: ["0.9.0", "2.0.0"] },
    { range: "1.0", inside: ["1.0.0", "1.0.9"], outside: ["1.1.0"] },
    { range: "[1.2.3-rc.1,2.0)", inside: ["1.2.3-rc.1", "1.2.3-rc.2", "1.3.0"], outside: ["1.3.0-rc.1"] },
  ])("$range bounds on both sides", ({ range, inside, outside }) => {
    expect(inside.filter((version) => !includes(range, version))).toEqual([]);
    expect(outside.filter((version) => includes(range, version))).toEqual([]);
  });

  it.each([
    { name: "empty text", range: "" },
    { name: "blanks", range: "  " },
    { name: "a word", range: "banana" },
    { name: "an empty alternative", range: "^1.0.0 || " },
    { name: "a comparator of other languages", range: "!=1.0.0" },
    { name: "bounds that exclude each other", range: ">2.0.0 <1.0.0" },
    { name: "an interval that is upside down", range: "[2.0,1.0]" },
    { name: "an interval without an end", range: "[1.0,2.0" },
    { name: "an interval with a word", range: "[banana,2.0]" },
    { name: "an exclusive single version", range: "(1.0)" },
    { name: "an empty interval", range: "[]" },
    { name: "more than 256 characters", range: `^1.0.0 || `.repeat(40).concat("^1.0.0") },
  ])("refuses $name", ({ range }) => {
    expect(isRange(range)).toBe(false);
  });

  it.each([
    { range: "^1.2.0", lowerBound: "1.2.0" },
    { range: ">1.0.0", lowerBound: "1.0.1" },
    { range: "<2.0.0", lowerBound: "0.0.0" },
    { range: "[1.5,2.0]", lowerBound: "1.5.0" },
    { range: "^3.0.0 || ^1.0.0", lowerBound: "1.0.0" },
  ])("the lower bound of $range is $lowerBound", ({ range, lowerBound }) => {
    expect(parseRange(range)?.lowerBound.version).toBe(lowerBound);
  });
});

function byPlaceIn(order: readonly string[]): (left: string, right: string) => number {
  return (left, right) => order.indexOf(left) - order.indexOf(right);
}
