/** The agents that messages are routed between, by channel. */
import type { AddressedAgent, ChannelScope } from "@lmos/router";

/** What is known of agents; read at every request, so that changes count at once. */
export interface AgentDirectory {
  /** The channel's agents; undefined where nobody knows the channel. */
  agentsOf(scope: ChannelScope): readonly AddressedAgent[] | undefined;
  /** Agents of these ids, or names, on any channel, each once. */
  agentsBy(key: AgentKey, values: ReadonlySet<string>): readonly AddressedAgent[];
}

/** What agents are told apart by. */
export type AgentKey = "id" | "name";

/** Agents that were given to this process: from documents, or over HTTP. */
export interface GivenAgents extends AgentDirectory {
  /** Adds agents to a channel; one with the id of another takes its place. */
  put(scope: ChannelScope, agents: readonly AddressedAgent[]): void;
  /** Forgets a channel. */
  remove(scope: ChannelScope): void;
  /** All of them, as they are now. */
  channels(): readonly GivenChannel[];
}

/** A channel with the agents that were given to it. */
export interface GivenChannel {
  readonly scope: ChannelScope;
  readonly agents: readonly AddressedAgent[];
}

type AgentsById = ReadonlyMap<string, AddressedAgent>;

/** None yet. */
export function createGivenAgents(): GivenAgents {
  const channels = new Map<string, { readonly scope: ChannelScope; readonly agents: AgentsById }>();
  const keyOf = ({ tenant, channel, subset }: ChannelScope): string =>
    JSON.stringify([tenant, channel, subset]);
  return {
    put: (scope, agents) => {
      const known = channels.get(keyOf(scope))?.agents ?? new Map();
      const added = agents.map((agent) => [agent.id, agent] as const);
      channels.set(keyOf(scope), { scope, agents: new Map([...known, ...added]) });
    },
    remove: (scope) => {
      channels.delete(keyOf(scope));
    },
    channels: () =>
      [...channels.values()].map(({ scope, agents }) => ({ scope, agents: [...agents.values()] })),
    agentsOf: (scope) => {
      const channel = channels.get(keyOf(scope));
      return channel === undefined ? undefined : [...channel.agents.values()];
    },
    agentsBy: (key, values) =>
      onceEach(
        [...channels.values()].flatMap(({ agents }) => [...agents.values()]),
        key,
        values,
      ),
  };
}

/** Several directories as one: the first that knows a channel tells its agents. */
export function joinDirectories(directories: readonly AgentDirectory[]): AgentDirectory {
  return {
    agentsOf: (scope) => {
      for (const directory of directories) {
        const agents = directory.agentsOf(scope);
        if (agents !== undefined) return agents;
      }
      return undefined;
    },
    agentsBy: (key, values) =>
      onceEach(
        directories.flatMap((directory) => directory.agentsBy(key, values)),
        key,
        values,
      ),
  };
}

/** Those whose key has one of the values, the first of each. */
export function onceEach(
  agents: readonly AddressedAgent[],
  key: AgentKey,
  values: ReadonlySet<string>,
): readonly AddressedAgent[] {
  const found = new Map<string, AddressedAgent>();
  for (const agent of agents) {
    if (values.has(agent[key]) && !found.has(agent[key])) found.set(agent[key], agent);
  }
  return [...found.values()];
}
