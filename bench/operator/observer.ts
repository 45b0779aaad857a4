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
  /** Milliseconds since `performance.timeOrigin` at which these channels' routings were first seen right, or the last of them. */
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
  const isWrong = (name: string): boolean => {
    const held = patchesOf(routings.store.get({ namespace: "default", name }));
    return [...world.expected(name)].some(([capability, patch]) => held.get(capability) !== patch);
  };
  return {
    changes: () => ({ agents: counts.agents, channels: counts.channels, routings: counts.channelroutings }),
    wrongRoutings: (names) => names.filter(isWrong).length,
    unresolved: (names) =>
      names.filter((name) => !isResolved(channels.store.get({ namespace: "default", name }))).length,
    whenRight: (names) => whenRight(names, isWrong, (listener) => routings.store.subscribe(listener)),
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await Promise.all(running);
    },
  };
}

type Subscribe = (listener: (change: { readonly after: KubeObject | undefined }) => void) => () => void;

function whenRight(
  names: readonly string[],
  isWrong: (name: string) => boolean,
  subscribe: Subscribe,
): Promise<{ firstAt: number; lastAt: number }> {
  const wrong = new Set(names.filter(isWrong));
  const { promise, resolve } = Promise.withResolvers<{ firstAt: number; lastAt: number }>();
  let firstAt = wrong.size < names.length ? performance.now() : undefined;
  const settle = (): void => {
    const lastAt = performance.now();
    stop();
    resolve({ firstAt: firstAt ?? lastAt, lastAt });
  };
  const stop = subscribe(({ after }) => {
    const name = after?.metadata.name ?? "";
    if (!wrong.has(name) || isWrong(name)) return;
    wrong.delete(name);
    firstAt ??= performance.now();
    if (wrong.size === 0) settle();
  });
  if (wrong.size === 0) settle();
  return promise;
}

function isResolved(channel: KubeObject | undefined): boolean {
  const status = memberOf(channel, "status");
  return memberOf(status, "resolveStatus") === "RESOLVED";
}

/** The patch number of the version that a routing holds for each capability. */
function patchesOf(routing: KubeObject | undefined): ReadonlyMap<string, number> {
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
