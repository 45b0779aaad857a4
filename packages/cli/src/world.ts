/** The Agents and Channels that a command reasons about: from files, from a cluster, or files laid over a cluster. */
import { type KubeClient, type KubeObject, keyOf, keyText } from "@lmos/kube";
import {
  type Agent,
  agentKind,
  type Channel,
  type ChannelRouting,
  channelKind,
  channelRoutingKind,
  defaultAgentPort,
  serviceHost,
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
}

/** The Agents and Channels among the objects of files; others play no role. Throws CliError `Usage`. */
export function worldOfManifests(manifests: readonly Manifest[], namespace: string): World {
  const placed = manifests.map((manifest) => {
    return {
      ...manifest,
      metadata: { ...manifest.metadata, namespace: manifest.metadata.namespace ?? namespace },
    };
  });
  return {
    agents: placed.filter(({ kind }) => kind === "Agent").map((one) => withHost(parse(agentKind, one))),
    channels: placed.filter(({ kind }) => kind === "Channel").map((one) => parse(channelKind, one)),
    routings: [],
  };
}

/** What a cluster holds, in one namespace or in all. */
export async function worldOfCluster(
  client: KubeClient,
  options: { readonly namespace: string | undefined; readonly signal: AbortSignal },
): Promise<World> {
  const [agents, channels, routings] = await Promise.all([
    readAll(client, agentKind, options),
    readAll(client, channelKind, options),
    readAll(client, channelRoutingKind, options),
  ]);
  return { agents: agents.items, channels: channels.items, routings: routings.items };
}

/** The world after the files are applied: their objects in the place of those of the same name. */
export function overlay(before: World, files: World): World {
  return {
    agents: replaced(before.agents, files.agents),
    channels: replaced(before.channels, files.channels),
    routings: before.routings,
  };
}

function replaced<T extends KubeObject>(before: readonly T[], files: readonly T[]): readonly T[] {
  const written = new Set(files.map((object) => keyText(keyOf(object))));
  return [...before.filter((object) => !written.has(keyText(keyOf(object)))), ...files];
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

function parse<T>(
  kind: {
    readonly schema: {
      safeParse(value: unknown): { success: true; data: T } | { success: false; error: ZodError };
    };
  },
  manifest: Manifest,
): T {
  const parsed = kind.schema.safeParse(manifest);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.slice(0, 3).map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new CliError("Usage", `${describeObject(manifest)} can't be read: ${faults.join("; ")}`);
}
