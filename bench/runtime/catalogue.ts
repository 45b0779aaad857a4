/** What is routed: the messages of the acme example, of each agent the first eight as examples and the rest as turns. */
import { readFile } from "node:fs/promises";
import { apiVersion, type ChannelRouting, channelRoutingKind } from "@lmos/resources";
import type { RoutableAgent } from "@lmos/router";
import { z } from "zod";

const examplesPerAgent = 8;
const file = new URL("../../examples/acme/messages.ndjson", import.meta.url);
const lineSchema = z.object({ message: z.string(), expect: z.string().nullable() });

interface Labelled {
  readonly agent: string;
  readonly messages: readonly string[];
}

/** The agents with their examples. */
export async function readAgents(): Promise<readonly RoutableAgent[]> {
  return (await readLabelled()).map(({ agent, messages }) => ({
    name: agent,
    description: agent,
    capabilities: [
      { id: agent, name: agent, description: "", examples: messages.slice(0, examplesPerAgent) },
    ],
  }));
}

/** The messages that are sent, in turn. */
export async function readMessages(): Promise<readonly string[]> {
  return (await readLabelled()).flatMap(({ messages }) => messages.slice(examplesPerAgent));
}

/** A routing of acme's web channel to these agents, all of which answer at `host`. */
export async function routingFor(host: string): Promise<ChannelRouting> {
  const capabilityGroups = (await readAgents()).map((agent) => ({
    ...agent,
    id: agent.name,
    capabilities: agent.capabilities.map((capability) => ({
      ...capability,
      host,
      requiredVersion: ">=1.0.0",
      providedVersion: "1.0.0",
    })),
  }));
  return channelRoutingKind.parse({
    apiVersion,
    kind: "ChannelRouting",
    metadata: {
      name: "acme-web-stable",
      namespace: "default",
      labels: { tenant: "acme", channel: "web", subset: "stable" },
    },
    spec: { capabilityGroups },
  });
}

async function readLabelled(): Promise<readonly Labelled[]> {
  const lines = (await readFile(file, "utf8")).trim().split("\n");
  const labelled = lines.map((line) => lineSchema.parse(JSON.parse(line)));
  const agents = [...new Set(labelled.flatMap(({ expect }) => expect ?? []))];
  return agents.map((agent) => ({
    agent,
    messages: labelled.filter(({ expect }) => expect === agent).map(({ message }) => message),
  }));
}
