/** The writes that a decision about a workload's Agent asks for: the Agent, its condition, or an event instead of one. */
import type { EventRecord, KubeObject } from "@lmos/kube";
import { type Agent, apiVersion, type Condition, type Workload } from "@lmos/resources";
import type { Command } from "../commands.ts";
import { discoveryManager, objectManager } from "../field-managers.ts";
import type { DiscoveryDecision } from "./decide.ts";
import type { DiscoveryInput } from "./gather.ts";

/** Why a workload has no Agent of its own. */
export interface DiscoveryFailure {
  readonly workload: Workload;
  readonly reason: string;
  readonly message: string;
  /** Equal for failures that are said once. */
  readonly identity: string;
}

/** The failures of a decision: of its workload, and of others of that name. */
export function failuresOf(
  decision: DiscoveryDecision,
  { workload, rivals, agent }: DiscoveryInput,
): readonly DiscoveryFailure[] {
  const hasFailed = decision.kind === "refuse" || (decision.kind === "keep" && agent === undefined);
  const message = `the ${workload.kind} ${workload.metadata.name} has the same name, and its Agent is left alone`;
  return [
    ...(hasFailed ? [failure(workload, decision)] : []),
    ...rivals.map((rival) => failure(rival, { reason: "AgentNotOwned", message })),
  ];
}

function failure(
  workload: Workload,
  { reason, message }: { readonly reason: string; readonly message: string },
): DiscoveryFailure {
  return { workload, reason, message, identity: `${workload.kind} ${workload.metadata.uid} ${reason}` };
}

/**
 * The plan. A new Agent gets its condition with the next reconcile, which its own appearance causes. `reported` are the
 * failures that were recorded last time: they are not said twice.
 */
export function planDiscovery(
  decision: DiscoveryDecision,
  condition: Condition | undefined,
  input: DiscoveryInput & { readonly reported: ReadonlySet<string> | undefined },
): readonly Command[] {
  const { workload, agent, reported } = input;
  const writes: Command[] = [];
  if (decision.kind === "announce") writes.push(applyAgent(decision.agent, agent, workload));
  if (agent !== undefined && condition !== undefined) writes.push(applyCondition(agent, condition));
  const news = failuresOf(decision, input).filter(({ identity }) => reported?.has(identity) !== true);
  return [...writes, ...news.map(recordFailure)];
}

function applyAgent(desired: Agent, live: Agent | undefined, workload: Workload): Command {
  const count = desired.spec.providedCapabilities.length;
  const event: EventRecord = {
    regarding: workload,
    type: "Normal",
    reason: live === undefined ? "AgentCreated" : "AgentUpdated",
    action: "Discover",
    note: `The Agent ${desired.metadata.name} provides ${count} capabilities`,
  };
  return { kind: "apply", target: "Agent", fieldManager: objectManager, live, desired, event };
}

function applyCondition(agent: Agent, condition: Condition): Command {
  const { name, namespace } = agent.metadata;
  const desired: KubeObject & { readonly status: Pick<NonNullable<Agent["status"]>, "conditions"> } = {
    apiVersion,
    kind: "Agent",
    metadata: { name, namespace },
    status: { conditions: [condition] },
  };
  return {
    kind: "apply",
    target: "Agent",
    subresource: "status",
    fieldManager: discoveryManager,
    live: agent,
    desired,
  };
}

function recordFailure({ workload, reason, message }: DiscoveryFailure): Command {
  const event: EventRecord = {
    regarding: workload,
    type: "Warning",
    reason,
    action: "Discover",
    note: `No Agent was made from this ${workload.kind}: ${message}`,
  };
  return { kind: "record", event };
}
