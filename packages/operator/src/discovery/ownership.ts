/** Whose an Agent is. Only the Agent that a Deployment owns is ever written for it. */
import type { Agent, Deployment } from "@lmos/resources";

/** True for an Agent that is not this Deployment's. */
export function isForeign(agent: Agent, deployment: Deployment): boolean {
  return !agent.metadata.ownerReferences?.some(({ uid }) => uid === deployment.metadata.uid);
}

/** True for an Agent of an earlier Deployment of the same name: it is deleted together with that, if later. */
export function isPredecessors(agent: Agent, { metadata }: Deployment): boolean {
  const references = agent.metadata.ownerReferences ?? [];
  return references.some(
    ({ kind, name, uid }) => kind === "Deployment" && name === metadata.name && uid !== metadata.uid,
  );
}
