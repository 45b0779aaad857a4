/** A channel of the acme example's agents for each way to decide, as a file of routings; all agents listen at one port. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readAgents, readMessages } from "../../../bench/runtime/catalogue.ts";

/** Tenants, named by how their channel decides. */
export type Mode = "vector" | "hybrid" | "llm";
const modes: readonly Mode[] = ["vector", "hybrid", "llm"];

/** A file of routings; disposing it removes it. */
export interface RoutedChannels extends Disposable {
  readonly path: string;
  /** Agents that the channels are wired to. */
  readonly agents: readonly string[];
  /** Messages of users, as often as they are asked for, none twice. */
  readonly nextMessage: () => string;
  /** Takes an agent out of all channels. */
  readonly remove: (agent: string) => void;
}

/** Writes one. */
export async function writeRoutedChannels(port: number): Promise<RoutedChannels> {
  const folder = mkdtempSync(join(tmpdir(), "lmos-routed-"));
  const path = join(folder, "routings.json");
  const agents = await readAgents();
  const messages = await readMessages();
  const capabilityGroups = agents.map((agent) => ({
    ...agent,
    id: agent.name,
    capabilities: agent.capabilities.map((capability) => ({
      ...capability,
      host: `127.0.0.1:${port}`,
      requiredVersion: ">=1.0.0",
      providedVersion: "1.0.0",
    })),
  }));
  const write = (groups: typeof capabilityGroups): void => {
    const channelRoutings = modes.map((mode) => ({
      metadata: { labels: { tenant: mode, channel: "web", subset: "stable" } },
      spec: { capabilityGroups: groups, routing: { mode } },
    }));
    writeFileSync(path, JSON.stringify({ channelRoutings }));
  };
  write(capabilityGroups);
  let sent = 0;
  return {
    path,
    agents: agents.map(({ name }) => name),
    nextMessage: () => {
      sent += 1;
      return `${messages[sent % messages.length]} (${sent})`;
    },
    remove: (agent) => write(capabilityGroups.filter(({ name }) => name !== agent)),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}
