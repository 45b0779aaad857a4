/** From a CapabilityGrant to the Agents that it concerns. */
import { matchesAnyGlob } from "@lmos/primitives";
import { type GrantedAgent, isProvider } from "@lmos/resolver";
import type { Agent, CapabilityGrant } from "@lmos/resources";
import { namespaceOf, type Stores } from "../stores.ts";
import { ownerOf } from "../workload/lookup.ts";
import { serviceAccountOf } from "../workload/pods.ts";

/** The agents that a grant names and that claim something of it. */
export function agentsOfGrant(
  { spec }: Pick<CapabilityGrant, "spec">,
  stores: Pick<Stores, "agents" | "deployments" | "statefulSets" | "rollouts">,
): readonly Agent[] {
  const namespaces = spec.providers.map(({ namespace }) => namespace);
  const agents = namespaces.some((namespace) => namespace.includes("*"))
    ? stores.agents.list()
    : [...new Set(namespaces)].flatMap((namespace) => stores.agents.byIndex("namespace", namespace));
  return agents.filter(
    (agent) =>
      agent.spec.providedCapabilities.some(({ name }) => matchesAnyGlob(spec.capabilities, name)) &&
      isProvider(grantedAgentOf(agent, stores), spec.providers),
  );
}

/** An Agent as grants know it: its account is that of the workload that owns it now. */
export function grantedAgentOf(
  agent: Agent,
  stores: Pick<Stores, "deployments" | "statefulSets" | "rollouts">,
): GrantedAgent {
  const workload = ownerOf(agent, stores);
  const serviceAccount = workload === undefined ? undefined : serviceAccountOf(workload);
  return { namespace: namespaceOf(agent), name: agent.metadata.name, serviceAccount };
}
