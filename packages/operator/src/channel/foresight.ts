/**
 * Agents as they are about to be reported. The agent controller may not have come to an Agent yet: after a start on a
 * full cluster it has thousands before it. What it will say follows from objects that are mirrored already, so a Channel
 * does not wait for it, and is not written once more when it has said so.
 */
import { formatTimestamp } from "@lmos/primitives";
import { type Agent, conditionOf } from "@lmos/resources";
import { decideAgent } from "../agent/decide.ts";
import { gatherAgent } from "../agent/gather.ts";
import { reportAgent } from "../agent/report.ts";
import { namespaceOf, type Stores } from "../stores.ts";

/** The Agent itself where it was reported on before, and else with the status that it is going to have. */
export function foresee(agent: Agent, stores: Stores, nowMs: number): Agent {
  if (conditionOf(agent.status?.conditions, "Ready") !== undefined) return agent;
  const key = { namespace: namespaceOf(agent), name: agent.metadata.name };
  const input = gatherAgent(key, stores, "off"); // what is granted is gathered for the Channel itself
  if (input === undefined) return agent;
  const steadiness = { kind: "steady" } as const;
  const status = reportAgent(decideAgent(input), { agent, steadiness }, formatTimestamp(nowMs));
  return { ...agent, status };
}
