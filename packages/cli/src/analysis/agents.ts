/** Findings about Agents. Pure. */
import { isPlainName, isVersion, parseVersion, showName } from "@lmos/resolver";
import type { Agent, ProvidedCapability } from "@lmos/resources";
import type { World } from "../world.ts";
import { type Finding, finding } from "./finding.ts";

/** The findings about the world's Agents. */
export function agentFindings(world: World): readonly Finding[] {
  return [...world.agents.flatMap(faultsOf), ...farAhead(world.agents), ...unneeded(world)];
}

function faultsOf(agent: Agent): readonly Finding[] {
  const { supportedChannels, supportedTenants } = agent.spec;
  const patterns = supportedTenants.filter((tenant) => tenant.includes("*"));
  return [
    ...agent.spec.providedCapabilities.flatMap((capability) => faultsOfCapability(capability, agent)),
    ...(supportedChannels.length === 0
      ? [finding("LMOS202", agent, "it serves no channel: supportedChannels is empty")]
      : []),
    ...patterns.map((tenant) =>
      finding("LMOS207", agent, `supportedTenants names "${tenant}": leave the list empty for every tenant`),
    ),
  ];
}

function faultsOfCapability(capability: ProvidedCapability, agent: Agent): readonly Finding[] {
  const { name, version, description, examples } = capability;
  return [
    ...(isVersion(version)
      ? []
      : [finding("LMOS201", agent, `${name} has the version "${version}", which is not semantic`)]),
    ...(description === "" && examples.length === 0
      ? [finding("LMOS203", agent, `${name} has neither description nor examples to match messages with`)]
      : []),
    ...(isPlainName(name) ? [] : [finding("LMOS206", agent, `${showName(name)} looks like another name`)]),
  ];
}

/** How many major versions an agent may be ahead of every other that provides the same. */
const usualLead = 1;

function farAhead(agents: readonly Agent[]): readonly Finding[] {
  const offers = agents.flatMap((agent) =>
    agent.spec.providedCapabilities.flatMap(({ name, version }) => {
      const major = parseVersion(version)?.major;
      const place = `${agent.metadata.namespace ?? ""}/${name}`;
      return major === undefined ? [] : [{ agent, name, version, major, place }];
    }),
  );
  return [...Map.groupBy(offers, ({ place }) => place).values()].flatMap((rivals) => {
    const [first, ...others] = rivals.toSorted((left, right) => right.major - left.major);
    const next = others.find(({ agent }) => agent !== first?.agent);
    if (first === undefined || next === undefined || first.major - next.major <= usualLead) return [];
    const { agent, name, version } = first;
    const message = `${name} ${version} is far ahead of ${next.version}, the highest of the other agents`;
    return [finding("LMOS205", agent, message)];
  });
}

function unneeded({ agents, channels }: World): readonly Finding[] {
  const required = [...channels, ...agents].flatMap(({ spec }) => spec.requiredCapabilities ?? []);
  const names = new Set(required.map(({ name }) => name));
  return agents
    .filter(({ spec }) => !spec.providedCapabilities.some(({ name }) => names.has(name)))
    .map((agent) => finding("LMOS204", agent, "nobody requires what it provides"));
}
