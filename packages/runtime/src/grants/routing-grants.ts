/**
 * The runtime's own check of what is granted (row S1), between the mirror of routings and what is served of them. It is
 * loaded only where grants count.
 *
 * Before Tenants and CapabilityGrants are known nothing is served, as the operator wires nothing then; when the API server
 * is gone the last ones hold, as the last routings do.
 */
import {
  createObjectStore,
  createOptionalReflector,
  type Indexes,
  type KubeClient,
  keyOf,
  keyText,
  type MutableStore,
  type Reflector,
  type Store,
} from "@lmos/kube";
import { type Clock, type Logger, type Random, whenAborted } from "@lmos/primitives";
import { namespacesOfGrant, someNamespaces, tenantOf } from "@lmos/resolver";
import {
  type CapabilityGrant,
  type ChannelRouting,
  capabilityGrantKind,
  channelIdentityOf,
  type GrantsMode,
  type Tenant,
  tenantIdOf,
  tenantKind,
} from "@lmos/resources";
import { type BackgroundPart, together } from "../background-work.ts";
import { loggable } from "../loggable.ts";
import { type GrantKnowledge, grantedRouting, type UngrantedWire } from "./granted-routing.ts";

/** How grants are followed. */
export interface RoutingGrantsOptions {
  readonly mode: Exclude<GrantsMode, "off">;
  readonly client: Pick<KubeClient, "list" | "watch" | "discover">;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** What is granted of routings, for as long as `run` runs. */
export interface RoutingGrants {
  /** Wires that are not granted: with `enforce` they are left out, with `audit` they are served. */
  readonly ungranted: number;
  /** Has the same index as the routings; it is not synced before all is known. */
  readonly served: Store<ChannelRouting>;
  readonly run: BackgroundPart;
}

/** The index by which routings are found, and their mirror. */
export interface MirroredRoutings {
  readonly store: Store<ChannelRouting>;
  readonly indexes: Indexes<ChannelRouting>;
}

/** Names and ids in one line of the log; the rest is counted. */
const shown = 10;

/** Follows grants for these routings; nothing happens before its `run`. */
export function createRoutingGrants(
  { store, indexes }: MirroredRoutings,
  options: RoutingGrantsOptions,
): RoutingGrants {
  return new FollowedGrants(store, createObjectStore({ indexes, logger: options.logger }), options);
}

/** What was made of a routing, and out of what. */
interface Verdict {
  readonly routing: ChannelRouting;
  readonly ungranted: readonly UngrantedWire[];
}

class FollowedGrants implements RoutingGrants {
  readonly served: MutableStore<ChannelRouting>;
  readonly run: BackgroundPart;
  readonly #routings: Store<ChannelRouting>;
  readonly #tenants: Reflector<Tenant>;
  readonly #grants: Reflector<CapabilityGrant>;
  readonly #options: RoutingGrantsOptions;
  readonly #verdicts = new Map<string, Verdict>();
  #isDue = false;

  constructor(
    routings: Store<ChannelRouting>,
    served: MutableStore<ChannelRouting>,
    options: RoutingGrantsOptions,
  ) {
    this.#routings = routings;
    this.served = served;
    this.#options = options;
    const mirrored = { ...options, mustBeListed: true };
    this.#tenants = createOptionalReflector({
      ...{ ...mirrored, type: tenantKind },
      indexes: { id: (tenant) => [tenantIdOf(tenant)] },
    });
    this.#grants = createOptionalReflector({
      ...{ ...mirrored, type: capabilityGrantKind },
      indexes: { namespace: namespacesOfGrant },
    });
    this.run = together([
      (call) => this.#tenants.run(call),
      (call) => this.#grants.run(call),
      ({ signal }) => this.#follow(signal),
    ]);
  }

  get ungranted(): number {
    return [...this.#verdicts.values()].reduce((sum, { ungranted }) => sum + ungranted.length, 0);
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const sources = [this.#routings, this.#tenants.store, this.#grants.store];
    const stops: (() => void)[] = [];
    try {
      await Promise.all(sources.map((source) => source.whenSynced({ signal })));
      stops.push(
        this.#routings.subscribe(({ before, after }) => this.#onRouting(before, after)),
        this.#tenants.store.subscribe(() => this.#onGrants(signal)),
        this.#grants.store.subscribe(() => this.#onGrants(signal)),
      );
      this.#begin();
      await whenAborted(signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      for (const stop of stops) stop();
    }
  }

  #begin(): void {
    this.#verdicts.clear();
    this.served.replaceAll(this.#routings.list().flatMap((routing) => this.#judge(routing) ?? []));
  }

  #onRouting(before: ChannelRouting | undefined, after: ChannelRouting | undefined): void {
    if (after !== undefined) this.#update(after);
    else if (before !== undefined) this.#remove(before);
  }

  /** Many may change at once, when they are listed anew: then all is looked at once. */
  #onGrants(signal: AbortSignal): void {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      if (signal.aborted) return;
      for (const routing of this.#routings.list()) this.#update(routing);
    });
  }

  #update(routing: ChannelRouting): void {
    const before = this.#verdicts.get(keyText(keyOf(routing)));
    const granted = this.#judge(routing);
    const after = this.#verdicts.get(keyText(keyOf(routing)));
    if (before?.routing === routing && sameWires(before.ungranted, after?.ungranted ?? [])) return;
    if (granted === undefined) this.served.remove(keyOf(routing));
    else this.served.put(granted);
  }

  #remove(routing: ChannelRouting): void {
    this.#verdicts.delete(keyText(keyOf(routing)));
    this.served.remove(keyOf(routing));
  }

  /** What is served of the routing; tells what is not granted when that is new. */
  #judge(routing: ChannelRouting): ChannelRouting | undefined {
    const key = keyText(keyOf(routing));
    const { routing: granted, ungranted } = grantedRouting(routing, this.#knowledgeOf(routing));
    const before = this.#verdicts.get(key)?.ungranted ?? [];
    this.#verdicts.set(key, { routing, ungranted });
    if (!sameWires(before, ungranted)) this.#tell(routing, ungranted);
    if (this.#options.mode === "audit" || granted === routing) return routing;
    return granted && withoutVersion(granted);
  }

  #knowledgeOf(routing: ChannelRouting): GrantKnowledge {
    const { tenant } = channelIdentityOf(routing);
    const tenants = this.#tenants.store;
    const grants = [routing.metadata.namespace ?? "", someNamespaces].flatMap((namespace) =>
      this.#grants.store.byIndex("namespace", namespace),
    );
    return {
      hasTenants: tenants.list().length > 0,
      tenant: tenantOf(tenant, tenants.byIndex("id", tenant)),
      grants: [...new Set(grants)],
    };
  }

  #tell(routing: ChannelRouting, ungranted: readonly UngrantedWire[]): void {
    const { logger, mode } = this.#options;
    const { tenant, channel, subset } = channelIdentityOf(routing);
    const about = {
      ...{ tenant: loggable(tenant), channel: loggable(channel), subset: loggable(subset) },
      ...{ routing: keyText(keyOf(routing)), grants: mode },
    };
    if (ungranted.length === 0) logger.info("All wires of a channel are granted again", about);
    else logger.warn(sentences[mode], { ...about, count: ungranted.length, wires: wireTexts(ungranted) });
  }
}

/** A store takes two objects of one version for equal; what is left of a routing changes without it. */
function withoutVersion({ metadata, ...routing }: ChannelRouting): ChannelRouting {
  const { resourceVersion: _, ...rest } = metadata;
  return { ...routing, metadata: rest };
}

const sentences = {
  audit: "Wires of a channel are not granted",
  enforce: "Wires of a channel are left out, as they are not granted",
} as const;

function wireTexts(wires: readonly UngrantedWire[]): readonly string[] {
  return wires
    .slice(0, shown)
    .map(
      ({ agent, capability, version }) =>
        `${loggable(capability)} ${loggable(version)} of ${loggable(agent)}`,
    );
}

function sameWires(some: readonly UngrantedWire[], others: readonly UngrantedWire[]): boolean {
  return JSON.stringify(some) === JSON.stringify(others);
}
