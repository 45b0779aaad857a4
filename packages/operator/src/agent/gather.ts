/** Reads from the stores what an Agent's status depends on. */
import type { ObjectKey } from "@lmos/kube";
import type { GrantedAgent } from "@lmos/resolver";
import type { Agent, CapabilityGrant, GrantsMode, Service, Workload } from "@lmos/resources";
import { grantedAgentOf } from "../grants/agents-of-grant.ts";
import { grantsConcerning } from "../grants/channel-grants.ts";
import { namespaceOf, type Stores } from "../stores.ts";
import { type AgentServiceFinding, findAgentService } from "../workload/agent-service.ts";
import { ownerOf, ownerReferenceOf, workloadsAt } from "../workload/lookup.ts";
import { servicesSelecting } from "../workload/selection.ts";

/** Who looks after an Agent: the workload that announces it, or the person who wrote it by hand. */
export type AgentOwner =
  | { readonly kind: "workload"; readonly workload: Workload; readonly service: AgentServiceFinding }
  /** Its owner is not (any more) a workload labelled `lmos-agent=true`. */
  | { readonly kind: "lost"; readonly workload: { readonly kind: string; readonly name: string } }
  | {
      readonly kind: "nobody";
      /** The Service named like the Agent. */
      readonly service: Service | undefined;
      /** The workload named like the Agent, which would announce it if it were not there already. */
      readonly workload: Workload | undefined;
    };

/** Everything that an Agent's status depends on. */
export interface AgentInput {
  readonly agent: Agent;
  readonly owner: AgentOwner;
  /** What CapabilityGrants say; undefined where they do not count. */
  readonly granting: AgentGranting | undefined;
}

/** What CapabilityGrants say about an Agent. */
export interface AgentGranting {
  readonly agent: GrantedAgent;
  /** The grants that can concern it. */
  readonly grants: readonly CapabilityGrant[];
}

/** The input for a key, or undefined where there is no such Agent (any more). */
export function gatherAgent(key: ObjectKey, stores: Stores, mode: GrantsMode): AgentInput | undefined {
  const agent = stores.agents.get(key);
  if (agent === undefined || agent.metadata.deletionTimestamp !== undefined) return undefined;
  const granting =
    mode === "off"
      ? undefined
      : { agent: grantedAgentOf(agent, stores), grants: grantsConcerning(namespaceOf(agent), stores) };
  return { agent, owner: gatherOwner(agent, key, stores), granting };
}

function gatherOwner(agent: Agent, key: ObjectKey, stores: Stores): AgentOwner {
  const reference = ownerReferenceOf(agent);
  if (reference === undefined) {
    return { kind: "nobody", service: stores.services.get(key), workload: workloadsAt(key, stores)[0] };
  }
  const workload = ownerOf(agent, stores);
  if (workload === undefined) return { kind: "lost", workload: reference };
  return {
    kind: "workload",
    workload,
    service: findAgentService(workload, servicesSelecting(workload, stores)),
  };
}
