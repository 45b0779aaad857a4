/** Orders that depend on nothing but what is compared. */
import { canonicalJson } from "@lmos/primitives";
import type { Candidate } from "./model.ts";

/** Orders by the agent's name, then by the capability's text, so that no order depends on that of a list. */
export function compareByName(left: Candidate, right: Candidate): number {
  return (
    compareText(left.provider.name, right.provider.name) ||
    compareText(left.capability.version, right.capability.version) ||
    compareText(left.capability.id, right.capability.id) ||
    compareText(canonicalJson(left), canonicalJson(right))
  );
}

/** Orders texts by code units. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
