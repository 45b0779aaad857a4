/** The kinds that `lmos get` shows, and their columns. */
import {
  type Agent,
  agentKind,
  type CapabilityGrant,
  type Channel,
  type ChannelRollout,
  type ChannelRouting,
  type CustomKind,
  capabilityGrantKind,
  channelIdentityOf,
  channelKind,
  channelRolloutKind,
  channelRoutingKind,
  conditionOf,
  type GrantedProvider,
  type ObjectMeta,
  subsetOf,
  type Tenant,
  tenantIdOf,
  tenantKind,
} from "@lmos/resources";
import { CliError } from "./errors.ts";
import { formatAge } from "./output/age.ts";
import type { Column } from "./output/table.ts";

/** What every object that is shown has. */
export interface Shown {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}

/** A kind as it is shown. The columns expect objects that its `type` has parsed. */
export interface View<T extends Shown> {
  readonly names: readonly string[];
  readonly type: CustomKind<T>;
  readonly columns: readonly Column<T>[];
}

const agents: View<Agent> = {
  names: ["agents", "agent", "ag"],
  type: agentKind,
  columns: [
    { title: "READY", cell: ({ status }) => conditionOf(status?.conditions, "Ready")?.status ?? "" },
    { title: "CAPABILITIES", cell: ({ status }) => String(status?.capabilities ?? "") },
    { title: "SUBSET", cell: subsetOf },
    { title: "CHANNELS", cell: ({ spec }) => spec.supportedChannels.join(",") },
    { title: "HOST", cell: ({ status }) => status?.host ?? "", wide: true },
    {
      title: "REASON",
      cell: ({ status }) => conditionOf(status?.conditions, "Ready")?.reason ?? "",
      wide: true,
    },
  ],
};

const channels: View<Channel> = {
  names: ["channels", "channel", "ch"],
  type: channelKind,
  columns: [
    { title: "TENANT", cell: (channel) => channelIdentityOf(channel).tenant },
    { title: "CHANNEL", cell: (channel) => channelIdentityOf(channel).channel },
    { title: "SUBSET", cell: subsetOf },
    { title: "STATUS", cell: ({ status }) => status?.resolveStatus ?? "" },
    { title: "RESOLVED", cell: ({ status }) => status?.resolved ?? "" },
    { title: "AGENTS", cell: ({ status }) => String(status?.agents ?? "") },
    { title: "UNRESOLVED", cell: ({ status }) => status?.unresolved ?? "" },
  ],
};

const routings: View<ChannelRouting> = {
  names: ["channelroutings", "channelrouting", "routings", "routing", "cr"],
  type: channelRoutingKind,
  columns: [
    { title: "TENANT", cell: (routing) => channelIdentityOf(routing).tenant },
    { title: "CHANNEL", cell: (routing) => channelIdentityOf(routing).channel },
    { title: "SUBSET", cell: subsetOf },
    { title: "AGENTS", cell: ({ spec }) => spec.capabilityGroups.map(({ name }) => name).join(",") },
    {
      title: "WIRES",
      cell: ({ spec }) => String(spec.capabilityGroups.flatMap((group) => group.capabilities).length),
    },
  ],
};

const rollouts: View<ChannelRollout> = {
  names: ["channelrollouts", "channelrollout", "rollouts", "rollout", "crl"],
  type: channelRolloutKind,
  columns: [
    { title: "STABLE", cell: ({ spec }) => spec.strategy.canary.stableChannel.name },
    { title: "CANARY", cell: ({ spec }) => spec.strategy.canary.canaryChannel.name },
    { title: "WEIGHT", cell: ({ spec }) => String(spec.strategy.canary.canaryChannel.weight) },
  ],
};

const tenants: View<Tenant> = {
  names: ["tenants", "tenant", "ten"],
  type: tenantKind,
  columns: [
    { title: "ID", cell: tenantIdOf },
    { title: "NAMESPACES", cell: ({ spec }) => spec.namespaces.join(",") },
    { title: "CHANNELS", cell: ({ spec }) => spec.channels.join(",") },
    { title: "MAX-CHANNELS", cell: ({ spec }) => String(spec.quota?.channels ?? "") },
    { title: "MAX-AGENTS", cell: ({ spec }) => String(spec.quota?.agents ?? "") },
  ],
};

const grants: View<CapabilityGrant> = {
  names: ["capabilitygrants", "capabilitygrant", "grants", "grant", "cg"],
  type: capabilityGrantKind,
  columns: [
    { title: "PROVIDERS", cell: ({ spec }) => spec.providers.map(providerText).join(",") },
    { title: "CAPABILITIES", cell: ({ spec }) => spec.capabilities.join(",") },
    { title: "VERSIONS", cell: ({ spec }) => spec.versions ?? "" },
    { title: "TENANTS", cell: ({ spec }) => spec.tenants.join(",") },
  ],
};

/** `namespace`, `namespace/agent` and, behind an @, the service account. */
function providerText({ namespace, agent, serviceAccount }: GrantedProvider): string {
  return `${namespace}${agent === undefined ? "" : `/${agent}`}${serviceAccount === undefined ? "" : `@${serviceAccount}`}`;
}

/** The plural that the API server knows a kind of ours by; undefined for other kinds. */
export function pluralOf(kind: string): string | undefined {
  const name = kind.toLowerCase();
  const all: readonly Pick<View<never>, "names">[] = [agents, channels, routings, rollouts, tenants, grants];
  return all.find(({ names }) => names.includes(name))?.names[0];
}

/** Does something with the view of a kind, whichever it is: keeps the type of its objects together. */
export function withView<R>(kind: string, use: <T extends Shown>(view: View<T>) => R): R {
  const name = kind.toLowerCase();
  if (agents.names.includes(name)) return use(agents);
  if (channels.names.includes(name)) return use(channels);
  if (routings.names.includes(name)) return use(routings);
  if (rollouts.names.includes(name)) return use(rollouts);
  if (tenants.names.includes(name)) return use(tenants);
  if (grants.names.includes(name)) return use(grants);
  const known = [agents, channels, routings, rollouts, tenants, grants]
    .map(({ names }) => names[0])
    .join(", ");
  throw new CliError(
    "Usage",
    `unknown kind ${JSON.stringify(kind)}: use one of ${known} (or kubectl for other kinds)`,
  );
}

/** The columns of a view with the name before and the age behind, as kubectl has them. */
export function completeColumns<T extends Shown>(
  view: View<T>,
  options: { readonly withNamespace: boolean; readonly nowMs: number },
): readonly Column<T>[] {
  const namespace: readonly Column<T>[] = [
    { title: "NAMESPACE", cell: ({ metadata }) => metadata.namespace ?? "" },
  ];
  return [
    ...(options.withNamespace ? namespace : []),
    { title: "NAME", cell: ({ metadata }) => metadata.name },
    ...view.columns,
    { title: "AGE", cell: ({ metadata }) => formatAge(metadata.creationTimestamp, options.nowMs) },
  ];
}
