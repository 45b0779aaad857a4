/** The agents that messages are routed between, by channel. */
import type { AddressedAgent, ChannelScope } from "@lmos/router";

/** What is known of agents; read at every request, so that changes count at once. */
export interface AgentDirectory {
  /** The channel's agents; undefined where nobody knows the channel. */
  agentsOf(scope: ChannelScope): readonly AddressedAgent[] | undefined;
  /** Agents of these ids on any channel, each once. */
  agentsById(ids: ReadonlySet<string>): readonly AddressedAgent[];
}

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
    agentsById: (ids) =>
      onceEach(
        [...channels.values()].flatMap(({ agents }) => [...agents.values()]),
        ids,
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
    agentsById: (ids) =>
      onceEach(
        directories.flatMap((directory) => directory.agentsById(ids)),
        ids,
      ),
  };
}

/** Those of the ids, the first of each. */
export function onceEach(
  agents: readonly AddressedAgent[],
  ids: ReadonlySet<string>,
): readonly AddressedAgent[] {
  const found = new Map<string, AddressedAgent>();
  for (const agent of agents) {
    if (ids.has(agent.id) && !found.has(agent.id)) found.set(agent.id, agent);
  }
  return [...found.values()];
}
