/** The objects that a command reasons about: from files, from a cluster, or files laid over a cluster. */
import {
  isKubeError,
  type KubeClient,
  type KubeObject,
  keyOf,
  keyText,
  type ResourceType,
  type Selection,
} from "@lmos/kube";
import {
  type Agent,
  agentKind,
  agentLabel,
  type CapabilityGrant,
  type Channel,
  type ChannelRouting,
  capabilityGrantKind,
  channelKind,
  channelRoutingKind,
  defaultAgentPort,
  deploymentKind,
  type GrantsMode,
  issuesText,
  rolloutKind,
  serviceHost,
  statefulSetKind,
  type Tenant,
  tenantKind,
  type Workload,
} from "@lmos/resources";
import type { ZodError } from "zod";
import { describeObject } from "./describe-object.ts";
import { CliError } from "./errors.ts";
import type { Manifest } from "./manifests.ts";
import { readAll } from "./read-all.ts";

/** What wiring depends on, and the routings that are active. */
export interface World {
  readonly agents: readonly Agent[];
  readonly channels: readonly Channel[];
  readonly routings: readonly ChannelRouting[];
  readonly tenants: readonly Tenant[];
  readonly grants: readonly CapabilityGrant[];
  /** The agents' workloads, as far as they are known. */
  readonly workloads: readonly Workload[];
  /** How much Tenants and CapabilityGrants count. */
  readonly mode: GrantsMode;
}

/**
 * What wiring depends on among the objects of files; others play no role. Grants are enforced where the files hold some
 * or a Tenant, unless `mode` says otherwise. Throws CliError `Usage`.
 */
export function worldOfManifests(
  manifests: readonly Manifest[],
  namespace: string,
  mode?: GrantsMode,
): World {
  const placed = manifests.map((manifest) => {
    return {
      ...manifest,
      metadata: { ...manifest.metadata, namespace: manifest.metadata.namespace ?? namespace },
    };
  });
  const tenants = readKind(tenantKind, manifests);
  const grants = readKind(capabilityGrantKind, manifests);
  return {
    agents: readKind(agentKind, placed).map(withHost),
    channels: readKind(channelKind, placed),
    routings: [],
    tenants,
    grants,
    workloads: placed.flatMap(workloadOf),
    mode: mode ?? (tenants.length + grants.length > 0 ? "enforce" : "off"),
  };
}

const workloadKinds: readonly ResourceType<Workload>[] = [deploymentKind, statefulSetKind, rolloutKind];

function workloadOf(manifest: Manifest): readonly Workload[] {
  const type = workloadKinds.find((kind) => isOfKind(manifest, kind));
  return type === undefined ? [] : [type.parse(manifest)];
}

/**
 * What a cluster holds, in one namespace or in all. Grants count as the Channels say that they did, unless `mode` says
 * otherwise.
 */
export async function worldOfCluster(
  client: KubeClient,
  options: {
    readonly namespace: string | undefined;
    readonly mode?: GrantsMode | undefined;
    readonly signal: AbortSignal;
  },
): Promise<World> {
  const anywhere = { signal: options.signal };
  const [agents, channels, routings, tenants, grants] = await Promise.all([
    readAll(client, agentKind, options),
    readAll(client, channelKind, options),
    readAll(client, channelRoutingKind, options),
    readIfServed(client, tenantKind, anywhere),
    readIfServed(client, capabilityGrantKind, anywhere),
  ]);
  const mode = options.mode ?? modeOf(channels.items);
  const workloads = mode === "off" ? [] : await readWorkloads(client, options);
  return {
    agents: agents.items,
    channels: channels.items,
    routings: routings.items,
    tenants,
    grants,
    workloads,
    mode,
  };
}

/** The strictest mode that a Channel was decided in. */
export function modeOf(channels: readonly Channel[]): GrantsMode {
  const modes = new Set(channels.map(({ status }) => status?.grants));
  return modes.has("enforce") ? "enforce" : modes.has("audit") ? "audit" : "off";
}

async function readWorkloads(client: KubeClient, options: Selection & { readonly signal: AbortSignal }) {
  const ofAgents = { ...options, labelSelector: `${agentLabel}=true` };
  const lists = await Promise.all(workloadKinds.map((kind) => readIfServed(client, kind, ofAgents)));
  return lists.flat();
}

/** None where the cluster does not have the kind, or does not let us see it. */
async function readIfServed<T extends KubeObject>(
  client: KubeClient,
  type: ResourceType<T>,
  options: Selection & { readonly signal: AbortSignal },
): Promise<readonly T[]> {
  try {
    return (await readAll(client, type, options)).items;
  } catch (error) {
    if (isKubeError(error, "NotFound") || isKubeError(error, "Forbidden")) return [];
    throw error;
  }
}

/** The world after the files are applied: their objects in the place of those of the same name. */
export function overlay(before: World, files: World): World {
  return {
    agents: replaced(before.agents, asStored(files.agents, before.agents)),
    channels: replaced(before.channels, asStored(files.channels, before.channels)),
    routings: before.routings,
    tenants: replaced(before.tenants, files.tenants),
    grants: replaced(before.grants, files.grants),
    workloads: replaced(before.workloads, files.workloads),
    mode: before.mode,
  };
}

function replaced<T extends KubeObject>(before: readonly T[], files: readonly T[]): readonly T[] {
  const written = new Set(files.map(identityOf));
  return [...before.filter((object) => !written.has(identityOf(object))), ...files];
}

/** Objects of files as the cluster has them: as old as before, and with the status that they had. */
function asStored<T extends Agent | Channel>(files: readonly T[], before: readonly T[]): readonly T[] {
  const stored = new Map(before.map((one) => [identityOf(one), one]));
  return files.map((one) => {
    const known = stored.get(identityOf(one));
    if (known === undefined) return one;
    const { creationTimestamp, uid } = known.metadata;
    return {
      ...one,
      metadata: { ...one.metadata, creationTimestamp, uid },
      status: known.status ?? one.status,
    };
  });
}

function identityOf(object: KubeObject): string {
  return `${object.kind} ${keyText(keyOf(object))}`;
}

/** In a file it is not known yet where an agent will answer: it is taken to be where its name says. */
function withHost(agent: Agent): Agent {
  if (agent.status?.host !== undefined) return agent;
  const { name, namespace = "" } = agent.metadata;
  return {
    ...agent,
    status: { ...agent.status, host: serviceHost({ service: name, namespace, port: defaultAgentPort }) },
  };
}

/** Others have kinds of these names, too: Tenant and Agent mean little without their group. */
function isOfKind({ apiVersion, kind }: Manifest, wanted: { readonly group: string; readonly kind: string }) {
  return kind === wanted.kind && apiVersion.startsWith(`${wanted.group}/`);
}

function readKind<T>(
  kind: ReadableKind<T> & { readonly group: string; readonly kind: string },
  manifests: readonly Manifest[],
): readonly T[] {
  const own = manifests.filter((one) => isOfKind(one, kind));
  const known = new Set<string>();
  for (const one of own) {
    const name = describeObject(one);
    if (known.has(name)) throw new CliError("Usage", `${name} is given twice: leave one of them out`);
    known.add(name);
  }
  return own.map((one) => parse(kind, one));
}

interface ReadableKind<T> {
  readonly schema: {
    safeParse(
      value: unknown,
      options: { readonly reportInput: boolean },
    ): { success: true; data: T } | { success: false; error: ZodError };
  };
}

function parse<T>(kind: ReadableKind<T>, manifest: Manifest): T {
  const parsed = kind.schema.safeParse(manifest, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw new CliError("Usage", `${describeObject(manifest)} can't be read: ${issuesText(parsed.error)}`);
}
