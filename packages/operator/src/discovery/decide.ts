/** What is to become of the Agent of a workload. An Agent is replaced by a good reading and left alone otherwise. */
import type { CapabilitiesDocument } from "@lmos/protocol";
import { type Agent, agentKind, apiVersion, issuesText, type Workload } from "@lmos/resources";
import { isRolledOut } from "../workload/rolled-out.ts";
import { buildAgent } from "./agent-object.ts";
import type { DiscoveryInput } from "./gather.ts";
import { isForeign, isPredecessors } from "./ownership.ts";

/** What is to become of the Agent of a workload. */
export type DiscoveryDecision =
  /** The Agent is to be like this. */
  | { readonly kind: "announce"; readonly agent: Agent; readonly service: string }
  /** The Agent, if there is one, stays as it is, and this is why. */
  | { readonly kind: "keep"; readonly reason: string; readonly message: string }
  /** The Agent of that name is somebody else's: nothing is written to it. */
  | { readonly kind: "refuse"; readonly reason: string; readonly message: string }
  /** Something that changes by itself: a rollout, a process that starts, an Agent of a predecessor that is about to go. */
  | { readonly kind: "wait" };

/** Decides. Pure; the same input gives the same decision. */
export function decideDiscovery(input: DiscoveryInput): DiscoveryDecision {
  const { workload, agent, target, reading } = input;
  if (agent !== undefined && isForeign(agent, workload)) return refuse(agent, workload);
  if (!isRolledOut(workload)) return { kind: "wait" };
  if (target.kind === "starting") return { kind: "wait" };
  if (target.kind === "missing") return keep(target.reason, target.message);
  if (reading === undefined) return { kind: "wait" };
  const { outcome } = reading;
  if (outcome.kind === "failed")
    return keep(outcome.reason, `the Service ${target.service} ${outcome.message}`);
  return announce(input, outcome.document, target.service);
}

function refuse(agent: Agent, workload: Workload): DiscoveryDecision {
  if (isPredecessors(agent, workload)) return { kind: "wait" };
  const message = `there is an Agent ${agent.metadata.name} that this ${workload.kind} does not own; it is left alone`;
  return { kind: "refuse", reason: "AgentNotOwned", message };
}

function announce(
  { workload }: DiscoveryInput,
  document: CapabilitiesDocument,
  service: string,
): DiscoveryDecision {
  const built = buildAgent(workload, document);
  const checked = agentKind.schema.safeParse(built);
  if (checked.success) return { kind: "announce", agent: checked.data, service };
  return keep(
    "InvalidDocument",
    `what the Service ${service} answered does not fit ${apiVersion}: ${issuesText(checked.error)}`,
  );
}

function keep(reason: string, message: string): DiscoveryDecision {
  return { kind: "keep", reason, message };
}
