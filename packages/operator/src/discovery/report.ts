/** Says on an Agent whether it was discovered. Equal decisions give equal text. */
import { type Agent, type Condition, transition } from "@lmos/resources";
import type { DiscoveryDecision } from "./decide.ts";

/** The condition Discovered as of `now` (RFC 3339), or undefined where nothing is to be said. */
export function reportDiscovery(
  decision: DiscoveryDecision,
  agent: Agent | undefined,
  now: string,
): Condition | undefined {
  const decided = discovered(decision);
  return decided === undefined ? undefined : transition(agent?.status?.conditions, [decided], now)[0];
}

/** Without an observedGeneration: it is about the workload's document, not about the Agent's spec. */
function discovered(decision: DiscoveryDecision): Omit<Condition, "lastTransitionTime"> | undefined {
  const type = "Discovered";
  switch (decision.kind) {
    case "announce":
      return {
        type,
        status: "True",
        reason: "CapabilitiesRead",
        message: `read from the Service ${decision.service}`,
      };
    case "keep":
      return { type, status: "False", reason: decision.reason, message: decision.message };
    case "refuse":
    case "wait":
      return undefined;
    default:
      return decision satisfies never;
  }
}
