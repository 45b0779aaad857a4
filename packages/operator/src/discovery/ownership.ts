/** Whose an Agent is. Only the Agent that a workload owns is ever written for it. */
import type { Agent, Workload } from "@lmos/resources";
import { ownerReferenceOf } from "../workload/lookup.ts";

/** True for an Agent that is not this workload's. */
export function isForeign(agent: Agent, workload: Workload): boolean {
  return !agent.metadata.ownerReferences?.some(({ uid }) => uid === workload.metadata.uid);
}

/** True for an Agent of an earlier workload of the same name: it is deleted together with that, if later. */
export function isPredecessors(agent: Agent, { metadata }: Workload): boolean {
  const reference = ownerReferenceOf(agent);
  return reference?.name === metadata.name && reference.uid !== metadata.uid;
}
