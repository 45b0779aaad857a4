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

/** How far two versions lie apart, to tell people the nearest one: major counts most, then minor, then patch. */
export function versionDistance(left: SemVer, right: SemVer): number {
  return Math.abs(position(left) - position(right));
}

function position({ major, minor, patch }: SemVer): number {
  return major * 1e8 + minor * 1e4 + patch;
}
