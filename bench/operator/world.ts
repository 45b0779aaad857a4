/**
 * Agents and channels in numbers, and what is right for them. Every agent provides four capabilities, and every one of those
 * is provided by two agents; agent 0 also provides one that all channels share. A channel requires that one and four of
 * different agents, so that an edit of one of the first agents concerns exactly one channel.
 */
import type { KubeObject } from "@lmos/kube";

/** Sizes of a run. */
export interface Scale {
  readonly agents: number;
  readonly channels: number;
}

/** A manifest with what this benchmark changes of it. */
export interface Manifest extends KubeObject {
  readonly spec: object;
}

export const namespace = "default";
/** The capability that every channel requires. */
export const sharedCapability = "shared";
const capabilitiesEach = 4;

/** Which patch number of version 1.0.x each agent announces, by its name. */
export class World {
  readonly scale: Scale;
  readonly #patches = new Map<string, number>();
  /** For each capability, the agents that provide it. */
  readonly #providers = new Map<string, string[]>();
  readonly #capabilities = new Map<string, readonly string[]>();
  readonly #requirements = new Map<string, readonly string[]>();
  #lastPatch = 0;

  constructor(scale: Scale) {
    this.scale = scale;
  }

  /** The names of the agents that were made by {@link agent}. */
  get agents(): readonly string[] {
    return [...this.#patches.keys()];
  }

  /** The names of the channels that were made by {@link channel}. */
  get channels(): readonly string[] {
    return [...this.#requirements.keys()];
  }

  /** A new agent. */
  agent(name: string, capabilities: readonly string[]): Manifest {
    this.#capabilities.set(name, capabilities);
    for (const capability of capabilities) {
      this.#providers.set(capability, [...(this.#providers.get(capability) ?? []), name]);
    }
    return this.edited(name);
  }

  /** The agent with a version of its capabilities that is higher than all before. */
  edited(name: string): Manifest {
    this.#lastPatch += 1;
    const patch = this.#lastPatch;
    this.#patches.set(name, patch);
    return agentManifest(name, this.#capabilities.get(name) ?? [], patch);
  }

  /** A new channel. */
  channel(name: string, required: readonly string[]): Manifest {
    this.#requirements.set(name, required);
    return channelManifest(name, required);
  }

  /** The patch number that a channel should be wired to for each capability that it requires. */
  expected(channel: string): ReadonlyMap<string, number> {
    const required = this.#requirements.get(channel) ?? [];
    return new Map(required.map((capability) => [capability, this.#best(capability)]));
  }

  #best(capability: string): number {
    const providers = this.#providers.get(capability) ?? [];
    return Math.max(0, ...providers.map((name) => this.#patches.get(name) ?? 0));
  }
}

/** The capabilities of the agent of that number. */
export function capabilitiesOf(agent: number, { agents }: Scale): readonly string[] {
  const distinct = capabilitiesEach * Math.ceil(agents / 2);
  const own = Array.from(
    { length: capabilitiesEach },
    (_, which) => (agent * capabilitiesEach + which) % distinct,
  );
  return [...own.map((number) => `capability-${number}`), ...(agent === 0 ? [sharedCapability] : [])];
}

/** What the channel of that number requires: one capability of each of four agents, and the shared one. */
export function requirementsOf(channel: number, { agents }: Scale): readonly string[] {
  const half = Math.ceil(agents / 2);
  const stride = Math.floor(half / capabilitiesEach);
  const own = Array.from({ length: capabilitiesEach }, (_, which) => {
    const agent = (channel + which * stride) % half;
    return `capability-${agent * capabilitiesEach + which}`;
  });
  return [...own, sharedCapability];
}

function agentManifest(name: string, capabilities: readonly string[], patch: number): Manifest {
  const providedCapabilities = capabilities.map((capability) => ({
    id: capability,
    name: capability,
    version: `1.0.${patch}`,
    description: `What ${capability} does for those who call, in a sentence of usual length`,
    examples: [`please do ${capability} for me`, `could you help me with ${capability}`],
  }));
  return {
    apiVersion: "lmos.eclipse/v1",
    kind: "Agent",
    metadata: { name, namespace, labels: { "lmos-agent": "true", subset: "stable" } },
    spec: {
      id: name,
      description: `The agent ${name}`,
      supportedChannels: ["web"],
      providedCapabilities,
    },
  };
}

function channelManifest(name: string, required: readonly string[]): Manifest {
  const labels = { tenant: name, channel: "web", subset: "stable", version: "1.0.0" };
  return {
    apiVersion: "lmos.eclipse/v1",
    kind: "Channel",
    metadata: { name, namespace, labels },
    spec: { requiredCapabilities: required.map((capability) => ({ name: capability, version: ">=1.0.0" })) },
  };
}
