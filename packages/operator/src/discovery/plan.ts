/** The writes that a decision about a Deployment's Agent asks for: the Agent, its condition, or an event instead of one. */
import type { EventRecord, KubeObject } from "@lmos/kube";
import { type Agent, apiVersion, type Condition, type Deployment } from "@lmos/resources";
import type { Command } from "../commands.ts";
import { discoveryManager, objectManager } from "../field-managers.ts";
import type { DiscoveryDecision } from "./decide.ts";
import type { DiscoveryInput } from "./gather.ts";

/**
 * The plan. A new Agent gets its condition with the next reconcile, which its own appearance causes. `reported` is the
 * reason that was last recorded as an event of this Deployment: it is not said twice.
 */
export function planDiscovery(
  decision: DiscoveryDecision,
  condition: Condition | undefined,
  { deployment, agent, reported }: DiscoveryInput & { readonly reported: string | undefined },
): readonly Command[] {
  const writes: Command[] = [];
  if (decision.kind === "announce") writes.push(applyAgent(decision.agent, agent, deployment));
  if (agent !== undefined && condition !== undefined) writes.push(applyCondition(agent, condition));
  const failure = decision.kind === "refuse" || (decision.kind === "keep" && agent === undefined);
  if (failure && decision.reason !== reported) writes.push(recordFailure(deployment, decision));
  return writes;
}

function applyAgent(desired: Agent, live: Agent | undefined, deployment: Deployment): Command {
  const count = desired.spec.providedCapabilities.length;
  const event: EventRecord = {
    regarding: deployment,
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

function recordFailure(
  deployment: Deployment,
  { reason, message }: { readonly reason: string; readonly message: string },
): Command {
  const event: EventRecord = {
    regarding: deployment,
    type: "Warning",
    reason,
    action: "Discover",
    note: `No Agent was made from this Deployment: ${message}`,
  };
  return { kind: "record", event };
}
