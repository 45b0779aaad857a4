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
  // Each by itself: `semver` drops the others beside one that any release fits, pre-releases that they name included.
  const alternatives = text.split("||").map(readAlternative);
  const ranges = alternatives.filter((range) => range !== undefined);
  const lowerBound = ranges.length < alternatives.length ? undefined : lowerBoundOf(ranges);
  if (lowerBound === undefined) return undefined;
  return { lowerBound, includes: (version) => ranges.some((range) => range.test(version)) };
}

/** True for the text of a range that can be satisfied. */
export function isRange(text: string): boolean {
  return parseRange(text) !== undefined;
}

/** The lowest of its alternatives that anything can satisfy: an empty one beside them does no harm. */
function lowerBoundOf(ranges: readonly Range[]): SemVer | undefined {
  const texts = ranges.flatMap(({ range }) => range.split("||"));
  return texts.flatMap((text) => minVersion(text) ?? []).toSorted(compare)[0];
}

function readAlternative(text: string): Range | undefined {
  const npm = text.trim() === "" ? undefined : translateIvy(text)?.replaceAll(/\s*,\s*/g, " ");
  try {
    return npm === undefined ? undefined : new Range(npm);
  } catch {
    return undefined; // a TypeError is how `semver` says that it is not a range
  }
}
