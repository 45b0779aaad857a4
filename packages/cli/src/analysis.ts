/** Faults that can be seen in Agents and Channels without running anything, each with a code that stays. Pure. */
import { keyOf, keyText } from "@lmos/kube";
import { explainUnmet, isVersion } from "@lmos/resolver";
import { type Agent, type Channel, channelIdentityOf } from "@lmos/resources";
import { wireAll } from "./wiring.ts";
import type { World } from "./world.ts";

/** What is wrong, or might be. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: "error" | "warning";
  /** Kind, namespace and name, such as `Channel default/acme-web`. */
  readonly object: string;
  readonly message: string;
}

/** The codes, in the order in which they are found. */
export type FindingCode =
  | "LMOS101" // a requirement is not provided
  | "LMOS102" // labels that a Channel needs are missing
  | "LMOS103" // several Channels have one identity
  | "LMOS201" // a version that is not semantic
  | "LMOS202" // an agent that serves no channel
  | "LMOS203" // a capability that no message can be matched with
  | "LMOS204"; // an agent that provides nothing that anyone requires

/** All findings, errors first. */
export function analyze(world: World): readonly Finding[] {
  const findings = [
    ...unprovided(world),
    ...world.channels.flatMap(unlabelled),
    ...duplicates(world.channels),
    ...world.agents.flatMap(faultsOf),
    ...unneeded(world),
  ];
  return findings.toSorted(
    (left, right) => Number(left.severity === "warning") - Number(right.severity === "warning"),
  );
}

function unprovided(world: World): readonly Finding[] {
  return wireAll(world).flatMap(({ channel, resolution }) => {
    const unmet = resolution.kind === "unresolved" ? resolution.unmet : [];
    return unmet.map((one) => error("LMOS101", channel, `${one.requirement.name}: ${explainUnmet(one)}`));
  });
}

function unlabelled(channel: Channel): readonly Finding[] {
  const { tenant, channel: name } = channelIdentityOf(channel);
  const missing = [...(tenant === "" ? ["tenant"] : []), ...(name === "" ? ["channel"] : [])];
  return missing.map((label) => error("LMOS102", channel, `it has no label ${label}`));
}

function duplicates(channels: readonly Channel[]): readonly Finding[] {
  const identity = (channel: Channel): string =>
    JSON.stringify([channel.metadata.namespace, channelIdentityOf(channel)]);
  return channels.flatMap((channel) => {
    const first = channels.find((other) => identity(other) === identity(channel));
    if (first === undefined || first === channel) return [];
    return [error("LMOS103", channel, `${first.metadata.name} has the same tenant, channel and subset`)];
  });
}

function faultsOf(agent: Agent): readonly Finding[] {
  const { supportedChannels, providedCapabilities } = agent.spec;
  const invalid = providedCapabilities.filter(({ version }) => !isVersion(version));
  const mute = providedCapabilities.filter(
    ({ description, examples }) => description === "" && examples.length === 0,
  );
  return [
    ...invalid.map(({ name, version }) => {
      return error("LMOS201", agent, `${name} has the version "${version}", which is not semantic`);
    }),
    ...(supportedChannels.length === 0
      ? [warning("LMOS202", agent, "it serves no channel: supportedChannels is empty")]
      : []),
    ...mute.map(({ name }) =>
      warning("LMOS203", agent, `${name} has neither description nor examples to match messages with`),
    ),
  ];
}

function unneeded({ agents, channels }: World): readonly Finding[] {
  const required = [...channels, ...agents].flatMap(({ spec }) => spec.requiredCapabilities ?? []);
  const names = new Set(required.map(({ name }) => name));
  return agents
    .filter(({ spec }) => !spec.providedCapabilities.some(({ name }) => names.has(name)))
    .map((agent) => warning("LMOS204", agent, "nobody requires what it provides"));
}

function error(code: FindingCode, object: Agent | Channel, message: string): Finding {
  return { code, severity: "error", object: `${object.kind} ${keyText(keyOf(object))}`, message };
}

function warning(code: FindingCode, object: Agent | Channel, message: string): Finding {
  return { ...error(code, object, message), severity: "warning" };
}
