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

/** Those with nothing in them that could be a request of its own: no sentence, clause or "and" within. */
export function plainMessages(messages: readonly string[]): readonly string[] {
  return messages.filter((message) => !/[.?!;,]\s|\n|\s(?:and|also|plus)\s/i.test(message));
}

/** What a channel is called; the first one is that of the loads. */
export function channelName(index: number): string {
  return index === 0 ? "web" : `web-${index}`;
}

/**
 * Routings of that many channels of acme to these agents, all of which answer at `host`. Every channel but the first has
 * examples of its own, so that none shares an index with another.
 */
export async function routingsFor(host: string, channels: number): Promise<readonly ChannelRouting[]> {
  const agents = await readAgents();
  return Array.from({ length: channels }, (_, index) => routingOf(agents, host, index));
}

function routingOf(agents: readonly RoutableAgent[], host: string, index: number): ChannelRouting {
  const own = (example: string): string => (index === 0 ? example : `${example} ${index}`);
  const capabilityGroups = agents.map((agent) => ({
    ...agent,
    id: agent.name,
    capabilities: agent.capabilities.map((capability) => ({
      ...capability,
      examples: capability.examples.map(own),
      host,
      requiredVersion: ">=1.0.0",
      providedVersion: "1.0.0",
    })),
  }));
  return channelRoutingKind.parse({
    apiVersion,
    kind: "ChannelRouting",
    metadata: {
      name: `acme-${channelName(index)}-stable`,
      namespace: "default",
      labels: { tenant: "acme", channel: channelName(index), subset: "stable" },
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
