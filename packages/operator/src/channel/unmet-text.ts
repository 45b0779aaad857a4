/** What is not provided to a Channel, in words. */
import { explainUnmet, type UnmetRequirement } from "@lmos/resolver";
import type { ChannelDecision } from "./decision.ts";

/** So many are named; the others are counted. */
export const namedUnmet = 10;
const longestMessage = 16_384;

/** All that is unmet, each with its causes. */
export function unmetMessage(unmet: readonly UnmetRequirement[]): string {
  const named = unmet.slice(0, namedUnmet).map((one) => `${requirementText(one)}: ${explainUnmet(one)}`);
  const hidden = unmet.length - named.length;
  return [...named, ...(hidden > 0 ? [`and ${hidden} more`] : [])].join(". ").slice(0, longestMessage);
}

/** `bill@^1.0.0`. */
export function requirementText({ requirement }: UnmetRequirement): string {
  return `${requirement.name}@${requirement.range}`;
}

/** Requirements provided and in all, without optional ones that nothing provides. */
export function progress(decision: ChannelDecision): string {
  if (decision.kind === "mislabelled") return `0/${decision.required}`;
  const provided = new Set(decision.wires.map(({ requirement }) => requirement)).size;
  return `${provided}/${provided + decision.unmet.length}`;
}
