/**
 * Version ranges in npm syntax (through `semver`) and in Ivy/Maven syntax (through `ivy.ts`). A comma between npm
 * comparators means "and". A range that is empty, unreadable, or that no version can satisfy is invalid.
 */
import { compare, minVersion, Range, type SemVer } from "semver";
import { translateIvy } from "./ivy.ts";

/** A range of versions. */
export interface VersionRange {
  /** The lowest version inside. */
  readonly lowerBound: SemVer;
  /** A pre-release is inside only where the range names a pre-release of the same version, as npm has it. */
  includes(version: SemVer): boolean;
}

const longestRange = 256;

/** The range that the text stands for, or undefined where it is invalid. */
export function parseRange(text: string): VersionRange | undefined {
  if (text.trim() === "" || text.length > longestRange) return undefined;
  const alternatives = text.split("||").map(toNpm);
  if (alternatives.includes(undefined)) return undefined;
  const range = readNpm(alternatives.join(" || "));
  const lowerBound = range === undefined ? undefined : lowerBoundOf(range);
  if (range === undefined || lowerBound === undefined) return undefined;
  return { lowerBound, includes: (version) => range.test(version) };
}

/** True for the text of a range that can be satisfied. */
export function isRange(text: string): boolean {
  return parseRange(text) !== undefined;
}

/** The lowest of its alternatives that anything can satisfy: an empty one beside them does no harm. */
function lowerBoundOf(range: Range): SemVer | undefined {
  const bounds = range.range.split("||").flatMap((alternative) => minVersion(alternative) ?? []);
  return bounds.toSorted(compare)[0];
}

function toNpm(alternative: string): string | undefined {
  if (alternative.trim() === "") return undefined;
  return translateIvy(alternative)?.replaceAll(/\s*,\s*/g, " ");
}

function readNpm(text: string): Range | undefined {
  try {
    return new Range(text);
  } catch {
    return undefined; // a TypeError is how `semver` says that it is not a range
  }
}
