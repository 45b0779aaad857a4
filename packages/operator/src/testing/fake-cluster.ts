/**
 * A cluster in memory: stores, and an `apply` that changes them. Of server-side apply it has what the controllers rely
 * on: conditions merge by type, other fields of the applied object replace those that are there. A write that changes
 * nothing is not counted, as it gives no new version of the object.
 */
import {
  type ApplyOptions,
  createObjectStore,
  KubeError,
  type KubeObject,
  keyOf,
  type MutableStore,
} from "@lmos/kube";
import { isRecord, jsonEqual } from "@lmos/primitives";
import {
  type Agent,
  agentKind,
  type CapabilityGrant,
  type Channel,
  type ChannelRouting,
  channelKind,
  channelRoutingKind,
  type Deployment,
  type Rollout,
  type Service,
  type StatefulSet,
  type Tenant,
} from "@lmos/resources";
import type { Writers } from "../apply.ts";
import { indexes, type Stores } from "../stores.ts";

/** The fake. `writes` names what was written, in order, such as `Channel/status a`. */
export class FakeCluster {
  readonly deployments = createObjectStore<Deployment>({ indexes: indexes.workloads });
  readonly statefulSets = createObjectStore<StatefulSet>({ indexes: indexes.workloads });
  readonly rollouts = createObjectStore<Rollout>({ indexes: indexes.workloads });
  readonly services: MutableStore<Service> = createObjectStore({ indexes: indexes.services });
  readonly agents: MutableStore<Agent> = createObjectStore({ indexes: indexes.agents });
  readonly channels: MutableStore<Channel> = createObjectStore({ indexes: indexes.channels });
  readonly routings: MutableStore<ChannelRouting> = createObjectStore({ indexes: indexes.routings });
  readonly tenants = createObjectStore<Tenant>({ indexes: indexes.tenants });
  readonly grants = createObjectStore<CapabilityGrant>({ indexes: indexes.grants });
  readonly writes: string[] = [];
  readonly events: string[] = [];
  /** A kind whose writes fail. */
  broken: string | undefined;
  #version = 0;

  /** The stores as the controllers see them. */
  get stores(): Stores {
    return this.#stores();
  }

  /** Lets every store that is still empty be one of a first list without objects. */
  sync(): void {
    for (const store of Object.values(this.#stores())) if (!store.synced) store.replaceAll([]);
  }

  #stores() {
    const { deployments, statefulSets, rollouts, services, agents, channels, routings, tenants, grants } =
      this;
    return { deployments, statefulSets, rollouts, services, agents, channels, routings, tenants, grants };
  }

  /** The writers that the controllers get. */
  get writers(): Writers {
    return {
      client: {
        apply: async (type, object, options) => type.parse(this.#apply(object, options)),
        delete: async (type, key) => {
          this.writes.push(`delete ${type.kind} ${key.name}`);
          this.routings.remove(key);
          return "deleted";
        },
      },
      events: { record: ({ reason, note }) => void this.events.push(`${reason}: ${note}`) },
    };
  }

  #apply(object: KubeObject, { subresource }: ApplyOptions): KubeObject {
    if (object.kind === this.broken) throw new KubeError("Unavailable", `${object.kind} can't be written`);
    const store = this.#storeOf(object.kind);
    const live = store.get(keyOf(object));
    const merged = mergeApplied(live ?? {}, object);
    if (live !== undefined && jsonEqual(live, merged)) return live;
    this.writes.push(
      `${object.kind}${subresource === undefined ? "" : `/${subresource}`} ${object.metadata.name}`,
    );
    this.#version += 1;
    return store.put({ ...merged, metadata: { ...merged.metadata, resourceVersion: `${this.#version}` } });
  }

  #storeOf(kind: string): { get: MutableStore<KubeObject>["get"]; put(object: unknown): KubeObject } {
    switch (kind) {
      case "Agent":
        return parsingStore(this.agents, agentKind);
      case "Channel":
        return parsingStore(this.channels, channelKind);
      default:
        return parsingStore(this.routings, channelRoutingKind);
    }
  }
}

function parsingStore<T extends KubeObject>(
  store: MutableStore<T>,
  kind: { parse(value: unknown): T },
): { get: MutableStore<T>["get"]; put(object: unknown): T } {
  return {
    get: (key) => store.get(key),
    put: (object) => {
      const parsed = kind.parse(object);
      store.put(parsed);
      return parsed;
    },
  };
}

function mergeApplied(live: object, applied: KubeObject): KubeObject {
  return {
    ...applied,
    ...mergeRecords({ ...live }, { ...applied }),
    metadata: { ...metadataOf(live), ...applied.metadata },
  };
}

function metadataOf(live: object): object {
  return "metadata" in live && isRecord(live.metadata) ? live.metadata : {};
}

function mergeRecords(
  live: Record<string, unknown>,
  applied: Record<string, unknown>,
): Record<string, unknown> {
  const merged = Object.entries(applied).map(([name, value]) => [name, mergeMember(name, live[name], value)]);
  return { ...live, ...Object.fromEntries(merged) };
}

function mergeMember(name: string, live: unknown, applied: unknown): unknown {
  if (isRecord(live) && isRecord(applied)) return mergeRecords(live, applied);
  if (name !== "conditions" || !Array.isArray(live) || !Array.isArray(applied)) return applied;
  const types = new Set(applied.map((condition: unknown) => typeOf(condition)));
  return [...live.filter((condition: unknown) => !types.has(typeOf(condition))), ...applied];
}

function typeOf(condition: unknown): unknown {
  return isRecord(condition) ? condition["type"] : undefined;
}
