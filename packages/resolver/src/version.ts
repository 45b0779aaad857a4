/**
 * Semantic versions, read as strictly as the Kotlin operator reads them: `v1.0.0` and surrounding blanks are accepted,
 * `1.0`, `01.0.0`, `=1.0.0` and `latest` are not versions.
 */
import { parse, type SemVer } from "semver";

/** The version that the text stands for, or undefined where it is not one. */
export function parseVersion(text: string): SemVer | undefined {
  return parse(text) ?? undefined;
}

/** True for the text of a semantic version. */
export function isVersion(text: string): boolean {
  return parseVersion(text) !== undefined;
}

/**
 * Orders versions by how far they lie from another one, to tell people the nearest: major counts most, then minor, then
 * patch, however high the numbers (a patch may be a date).
 */
export function compareDistance(left: SemVer, right: SemVer, from: SemVer): number {
  const [near, far] = [distance(left, from), distance(right, from)];
  return near === far ? 0 : near < far ? -1 : 1;
}

function distance(left: SemVer, right: SemVer): bigint {
  const difference = position(left) - position(right);
  return difference < 0n ? -difference : difference;
}

/** The numbers are below 2^53. */
function position({ major, minor, patch }: SemVer): bigint {
  return (BigInt(major) << 106n) + (BigInt(minor) << 53n) + BigInt(patch);
}
