/**
 * Everything that happened to agents, channels and routings of a namespace, seen from outside, and what must hold of all of
 * it (invariants I2 to I5 of every suite, I1 where grants are enforced).
 */
import { z } from "zod";
import type { ServerAccess } from "../../faults/harness/access.ts";
import { pause } from "../../faults/harness/eventually.ts";
import { type RawEvent, watchRaw } from "./raw-watch.ts";

/** The kinds that the operator writes or reads, by plural, with the path of their group. */
const watched = {
  agents: "/apis/lmos.eclipse/v1",
  channels: "/apis/lmos.eclipse/v1",
  channelroutings: "/apis/lmos.eclipse/v1",
  services: "/api/v1",
  deployments: "/apis/apps/v1",
} as const;

export type Plural = keyof typeof watched;

/** A change, with the kind that it is of, and when it was heard of (`performance.now()`). */
export interface Entry extends RawEvent {
  readonly plural: Plural;
  readonly atMs: number;
}

/** The name that each kind may be written under, with the subresource; `""` is the object itself. */
const ours: Readonly<Record<string, readonly string[]>> = {
  "lmos-control-plane": ["agents", "channelroutings"],
  "lmos-control-plane-discovery": ["agents/status"],
  "lmos-control-plane-agent": ["agents/status"],
  "lmos-control-plane-channel": ["channels/status"],
  "lmos-control-plane-routing": ["channelroutings/status"],
};

/** What a routing says: that a channel is wired to an agent for something. */
export interface HistoricWire {
  readonly channel: string;
  readonly agent: string;
  readonly capability: string;
  readonly version: string;
  readonly atMs: number;
}

/** What a history is judged with. */
export interface Rules {
  /** Which wires a routing may have, where grants are enforced. */
  readonly isGranted?: ((wire: HistoricWire) => boolean) | undefined;
}

/** Disposing it ends its watches. */
export class History implements AsyncDisposable {
  readonly entries: Entry[] = [];
  readonly #watches = new AsyncDisposableStack();

  /** Starts to listen; what is there already comes first. */
  static async of(server: ServerAccess, namespace: string): Promise<History> {
    const history = new History();
    for (const [plural, root] of Object.entries(watched)) {
      const path = `${root}/namespaces/${namespace}/${plural}`;
      const watch = await watchRaw(server, path, (event) => {
        if (isPlural(plural)) history.entries.push({ ...event, plural, atMs: performance.now() });
      });
      history.#watches.use(watch);
    }
    return history;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#watches.disposeAsync();
  }

  /** How many changes of that kind there were, to objects that `select` keeps. */
  count(plural: Plural, select: (entry: Entry) => boolean = () => true): number {
    return this.entries.filter((entry) => entry.plural === plural && select(entry)).length;
  }

  /**
   * What was broken, once nothing more comes for a second: each kind has a watch of its own, and the one that is behind
   * would make it look as if something were missing.
   */
  async settledViolations(rules: Rules = {}): Promise<readonly string[]> {
    for (let [known, looks] = [-1, 0]; known !== this.entries.length && looks < 20; looks++) {
      known = this.entries.length;
      await pause(1_000);
    }
    return this.violations(rules);
  }

  /** What was broken so far, in words; empty where everything held. */
  violations({ isGranted }: Rules = {}): readonly string[] {
    const ordered = this.entries.toSorted((left, right) => versionOf(left) - versionOf(right));
    const state = new Map<string, Entry>();
    return ordered.flatMap((entry) => {
      const key = `${entry.plural}/${entry.object.metadata.name}`;
      const before = state.get(key);
      const found = [
        ...foreignWrites(entry),
        ...(entry.plural === "channelroutings" ? emptied(entry, before, state) : []),
        ...(entry.plural === "channels" ? claimsTooMuch(entry, state) : []),
        ...(isGranted === undefined ? [] : ungranted(entry, isGranted)),
      ];
      state.set(key, entry);
      return found;
    });
  }
}

function isPlural(plural: string): plural is Plural {
  return plural in watched;
}

function versionOf({ object }: Entry): number {
  return Number(object.metadata.resourceVersion);
}

/** I5: our names stand only where they belong. */
function foreignWrites({ plural, object }: Entry): readonly string[] {
  return (object.metadata.managedFields ?? []).flatMap(({ manager, subresource }) => {
    const place = subresource === undefined || subresource === "" ? plural : `${plural}/${subresource}`;
    const isOurs = manager.startsWith("lmos-control-plane");
    if (!isOurs || ours[manager]?.includes(place) === true) return [];
    return [`I5: ${manager} wrote ${place} ${object.metadata.name}`];
  });
}

const wireSchema = z.object({
  name: z.string(),
  requiredVersion: z.string().default(""),
  providedVersion: z.string().default(""),
});
const routingSchema = z.object({
  capabilityGroups: z
    .array(z.object({ name: z.string(), capabilities: z.array(wireSchema).default([]) }))
    .default([]),
  revision: z.number().optional(),
});
const channelSchema = z.object({
  requiredCapabilities: z
    .array(z.object({ name: z.string(), version: z.string(), resolution: z.string().optional() }))
    .default([]),
  activationPolicy: z.string().optional(),
  pinnedRevision: z.number().optional(),
});
const statusSchema = z.object({
  observedGeneration: z.number().optional(),
  activeRevision: z.number().optional(),
  conditions: z.array(z.object({ type: z.string(), status: z.string(), reason: z.string() })).default([]),
});

function wiresOf({ object }: Entry): readonly string[] {
  const { capabilityGroups } = routingSchema.parse(object.spec ?? {});
  return capabilityGroups.flatMap(({ capabilities }) =>
    capabilities.map(({ name, requiredVersion }) => `${name}@${requiredVersion}`),
  );
}

/** What the channel of that name asked for last, or undefined where it is not one that keeps what is good. */
function keptRequirements(name: string, state: ReadonlyMap<string, Entry>): readonly string[] | undefined {
  const channel = state.get(`channels/${name}`);
  if (channel === undefined || channel.type === "DELETED") return undefined;
  const { requiredCapabilities, activationPolicy, pinnedRevision } = channelSchema.parse(
    channel.object.spec ?? {},
  );
  if ((activationPolicy ?? "KeepLastGood") !== "KeepLastGood" || pinnedRevision !== undefined)
    return undefined;
  return requiredCapabilities
    .filter(({ resolution }) => resolution !== "optional")
    .map(({ name: required, version }) => `${required}@${version}`);
}

/** I2: what was wired and is still asked for stays wired. A hand-edit (which is put back) is the tests' own doing. */
function emptied(
  entry: Entry,
  before: Entry | undefined,
  state: ReadonlyMap<string, Entry>,
): readonly string[] {
  const { name, managedFields } = entry.object.metadata;
  const required = keptRequirements(name, state);
  const byHand = managedFields?.some(({ manager }) => !manager.startsWith("lmos-control-plane"));
  if (required === undefined || before === undefined || before.type === "DELETED" || byHand === true)
    return [];
  const wired = entry.type === "DELETED" ? [] : wiresOf(entry);
  const lost = wiresOf(before).filter((wire) => required.includes(wire) && !wired.includes(wire));
  return lost.length === 0 ? [] : [`I2: the routing ${name} lost ${lost.join(", ")}`];
}

/** I3: a status that says `RoutingCurrent` for a generation comes after a routing that holds what it asks for. */
function claimsTooMuch(entry: Entry, state: ReadonlyMap<string, Entry>): readonly string[] {
  const { name, generation } = entry.object.metadata;
  const status = statusSchema.parse(entry.object.status ?? {});
  const claims = status.conditions.some(
    ({ type, status: value, reason }) =>
      type === "Activated" && value === "True" && reason === "RoutingCurrent",
  );
  if (entry.type === "DELETED" || !claims || status.observedGeneration !== generation) return [];
  const routing = state.get(`channelroutings/${name}`);
  if (routing === undefined || routing.type === "DELETED")
    return [`I3: ${name} claims a routing that is not there`];
  const required = keptRequirements(name, new Map([[`channels/${name}`, entry]])) ?? [];
  const wired = wiresOf(routing);
  const missing = required.filter((one) => !wired.includes(one));
  return missing.length === 0
    ? []
    : [`I3: ${name} claims ${missing.join(", ")}, which its routing does not hold`];
}

/** I1: a routing names only agents that are granted. */
function ungranted(entry: Entry, isGranted: NonNullable<Rules["isGranted"]>): readonly string[] {
  if (entry.plural !== "channelroutings" || entry.type === "DELETED") return [];
  return historicWires(entry)
    .filter((wire) => !isGranted(wire))
    .map(({ channel, agent, capability, version }) => {
      return `I1: the routing ${channel} names ${agent} for ${capability}@${version}, which is not granted`;
    });
}

function historicWires({ object, atMs }: Entry): readonly HistoricWire[] {
  const channel = object.metadata.name;
  const { capabilityGroups } = routingSchema.parse(object.spec ?? {});
  return capabilityGroups.flatMap(({ name: agent, capabilities }) =>
    capabilities.map(({ name: capability, providedVersion: version }) => {
      return { channel, agent, capability, version, atMs };
    }),
  );
}
