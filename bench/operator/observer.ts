/**
 * Watches agents, channels and routings from outside: how often each changed, and what each routing holds. It is what
 * "right" and "written" are measured by; the operator is not asked.
 */
import { createReflector, type KubeClient, type KubeObject, type ResourceType } from "@lmos/kube";
import { isRecord, silentLogger, systemClock, systemRandom } from "@lmos/primitives";
import type { World } from "./world.ts";

const runtime = { clock: systemClock, random: systemRandom, logger: silentLogger };

/** How often each kind was seen to change, whoever changed it. */
export interface Changes {
  readonly agents: number;
  readonly channels: number;
  readonly routings: number;
}

/** Disposing it ends the watches. */
export interface Observer extends AsyncDisposable {
  readonly changes: () => Changes;
  /** How many channels have no routing, or one that does not hold what the world expects. */
  wrongRoutings(channels: readonly string[]): number;
  /** How many channels do not say RESOLVED. */
  unresolved(channels: readonly string[]): number;
  /**
   * Milliseconds since `performance.timeOrigin` at which these channels' routings were first seen right, or the last of them:
   * holding what the world expects as of this call, or something newer.
   */
  whenRight(channels: readonly string[]): Promise<{ readonly firstAt: number; readonly lastAt: number }>;
}

const plurals = ["agents", "channels", "channelroutings"] as const;
type Plural = (typeof plurals)[number];

/** Starts it; resolves when it has seen what is there. */
export async function observe(client: KubeClient, world: World): Promise<Observer> {
  const stop = new AbortController();
  const { signal } = stop;
  const counts: Record<Plural, number> = { agents: 0, channels: 0, channelroutings: 0 };
  const [agents, channels, routings] = plurals.map((plural) =>
    createReflector({ client, type: looseType(plural), ...runtime }),
  );
  if (agents === undefined || channels === undefined || routings === undefined)
    throw new TypeError("no kinds");
  const all = [agents, channels, routings];
  const running = all.map(({ run }) => run({ signal }));
  await Promise.all(all.map(({ store }) => store.whenSynced({ signal })));
  all.forEach(({ store }, at) => {
    store.subscribe(() => {
      const plural = plurals[at];
      if (plural !== undefined) counts[plural] += 1;
    });
  });
  const held = (name: string) => patchesOf(routings.store.get({ namespace: "default", name }));
  const isWrong = (name: string): boolean => lacks(held(name), world.expected(name));
  const waiting = new WaitingRoutings(held);
  routings.store.subscribe(({ after }) => waiting.changed(after?.metadata.name ?? ""));
  return {
    changes: () => ({ agents: counts.agents, channels: counts.channels, routings: counts.channelroutings }),
    wrongRoutings: (names) => names.filter(isWrong).length,
    unresolved: (names) =>
      names.filter((name) => !isResolved(channels.store.get({ namespace: "default", name }))).length,
    whenRight: async (names) => {
      const times = await Promise.all(names.map((name) => waiting.whenHeld(name, world.expected(name))));
      return { firstAt: Math.min(...times), lastAt: Math.max(...times) };
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await Promise.all(running);
    },
  };
}

type Patches = ReadonlyMap<string, number>;

/** Who waits for a routing to hold certain versions. A change costs those who wait for that routing, and nobody else. */
class WaitingRoutings {
  readonly #held: (name: string) => Patches;
  readonly #waiting = new Map<string, Set<{ readonly wanted: Patches; readonly done: () => void }>>();

  constructor(held: (name: string) => Patches) {
    this.#held = held;
  }

  /** When that routing was first seen to hold those versions or newer ones. */
  async whenHeld(name: string, wanted: Patches): Promise<number> {
    if (!lacks(this.#held(name), wanted)) return performance.now();
    const { promise, resolve } = Promise.withResolvers<number>();
    const waiting = this.#waiting.get(name) ?? new Set();
    this.#waiting.set(name, waiting.add({ wanted, done: () => resolve(performance.now()) }));
    return promise;
  }

  /** The routing of that name has changed. */
  changed(name: string): void {
    const waiting = this.#waiting.get(name);
    if (waiting === undefined) return;
    const held = this.#held(name);
    for (const one of waiting) {
      if (lacks(held, one.wanted)) continue;
      waiting.delete(one);
      one.done();
    }
    if (waiting.size === 0) this.#waiting.delete(name);
  }
}

/** True where a routing holds an older version than is wanted of some capability, or none. */
function lacks(held: Patches, wanted: Patches): boolean {
  return [...wanted].some(([capability, patch]) => (held.get(capability) ?? -1) < patch);
}

function isResolved(channel: KubeObject | undefined): boolean {
  const status = memberOf(channel, "status");
  return memberOf(status, "resolveStatus") === "RESOLVED";
}

/** The patch number of the version that a routing holds for each capability. */
function patchesOf(routing: KubeObject | undefined): Patches {
  const groups = listOf(memberOf(memberOf(routing, "spec"), "capabilityGroups"));
  const capabilities = groups.flatMap((group) => listOf(memberOf(group, "capabilities")));
  return new Map(
    capabilities.map((one) => [
      String(memberOf(one, "name")),
      Number(String(memberOf(one, "providedVersion")).split(".")[2]),
    ]),
  );
}

function memberOf(value: unknown, name: string): unknown {
  return isRecord(value) ? value[name] : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function looseType(plural: Plural): ResourceType {
  const isObject = (value: unknown): value is KubeObject => isRecord(value) && isRecord(value["metadata"]);
  const kinds = { agents: "Agent", channels: "Channel", channelroutings: "ChannelRouting" } as const;
  const parse = (value: unknown): KubeObject => {
    if (isObject(value)) return value;
    throw new Error(`not one of ${plural}`);
  };
  return { group: "lmos.eclipse", version: "v1", kind: kinds[plural], plural, namespaced: true, parse };
}
