/** Reads from the stores what an Agent's status depends on. */
import type { ObjectKey } from "@lmos/kube";
import type { Agent, Deployment, Service } from "@lmos/resources";
import { type AgentServiceFinding, findAgentService } from "../agent-service.ts";
import { servicesSelecting } from "../selection.ts";
import type { Stores } from "../stores.ts";

/** Who looks after an Agent: the Deployment that announces it, or the person who wrote it by hand. */
export type AgentOwner =
  | { readonly kind: "deployment"; readonly deployment: Deployment; readonly service: AgentServiceFinding }
  /** Its owner is not (any more) a Deployment labelled `lmos-agent=true`. */
  | { readonly kind: "lost"; readonly name: string }
  | {
      readonly kind: "nobody";
      /** The Service named like the Agent. */
      readonly service: Service | undefined;
      /** The Deployment named like the Agent, which would announce it if it were not there already. */
      readonly deployment: Deployment | undefined;
    };

/** Everything that an Agent's status depends on. */
export interface AgentInput {
  readonly agent: Agent;
  readonly owner: AgentOwner;
}

/** The input for a key, or undefined where there is no such Agent (any more). */
export function gatherAgent(key: ObjectKey, stores: Stores): AgentInput | undefined {
  const agent = stores.agents.get(key);
  if (agent === undefined || agent.metadata.deletionTimestamp !== undefined) return undefined;
  return { agent, owner: gatherOwner(agent, key, stores) };
}

function gatherOwner(agent: Agent, key: ObjectKey, stores: Stores): AgentOwner {
  const reference = agent.metadata.ownerReferences?.find(
    ({ kind, controller }) => kind === "Deployment" && controller === true,
  );
  if (reference === undefined) {
    return { kind: "nobody", service: stores.services.get(key), deployment: stores.deployments.get(key) };
  }
  const deployment = stores.deployments.get({ ...key, name: reference.name });
  if (deployment === undefined || deployment.metadata.uid !== reference.uid) {
    return { kind: "lost", name: reference.name };
  }
  const service = findAgentService(deployment, servicesSelecting(deployment, stores));
  return { kind: "deployment", deployment, service };
}
