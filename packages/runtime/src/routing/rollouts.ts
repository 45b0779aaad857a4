/** The canary releases that run, by the channel whose conversations they divide. */
import { createHash } from "node:crypto";
import type { Store } from "@lmos/kube";
import type { Logger } from "@lmos/primitives";
import {
  type ChannelIdentity,
  type ChannelRollout,
  type ChannelRouting,
  channelIdentityOf,
  defaultSubset,
} from "@lmos/resources";
import { type Hash, isCanary, type RolloutPlan, readRollout } from "@lmos/rollout";
import type { RoutingFeed } from "./feed.ts";

/** A canary release of one channel. */
export interface Rollout {
  readonly uid: string;
  readonly weight: number;
  readonly canary: ChannelIdentity;
}

/** A tenant's channel, whichever subset. */
export type ChannelName = Pick<ChannelIdentity, "tenant" | "channel">;

/** Finds canary releases. */
export interface Rollouts {
  /** The one that divides the conversations of that channel now. */
  find(channel: ChannelName): Rollout | undefined;
}

const sha256: Hash = (text) => createHash("sha256").update(text).digest();

/** True when the conversation goes to the canary at the rollout's weight. */
export function goesToCanary(rollout: Rollout, conversationId: string): boolean {
  return isCanary(rollout, conversationId, sha256);
}

/** Follows a feed. Weights that make no sense leave those of before; a rollout that never made sense divides nothing. */
export function createRollouts(
  { rollouts, routings }: Pick<RoutingFeed, "rollouts" | "routings">,
  logger: Logger,
): Rollouts {
  return rollouts === undefined ? { find: () => undefined } : new FedRollouts(rollouts, routings, logger);
}

class FedRollouts implements Rollouts {
  readonly #rollouts: Pick<Store<ChannelRollout>, "list">;
  readonly #routings: Pick<Store<ChannelRouting>, "list">;
  readonly #logger: Logger;
  /** Plans that were last valid, by uid. */
  readonly #plans = new Map<string, RolloutPlan>();
  /** Undefined after a change, until somebody asks. */
  #byChannel: ReadonlyMap<string, Rollout> | undefined;

  constructor(
    rollouts: Pick<Store<ChannelRollout>, "list" | "subscribe">,
    routings: Pick<Store<ChannelRouting>, "list" | "subscribe">,
    logger: Logger,
  ) {
    this.#rollouts = rollouts;
    this.#routings = routings;
    this.#logger = logger;
    const changed = (): void => {
      this.#byChannel = undefined;
    };
    rollouts.subscribe(changed);
    routings.subscribe(changed);
  }

  find(channel: ChannelName): Rollout | undefined {
    this.#byChannel ??= this.#collect();
    return this.#byChannel.get(nameText(channel));
  }

  /** Of two rollouts for one channel the older one counts. */
  #collect(): ReadonlyMap<string, Rollout> {
    const all = this.#rollouts.list();
    const collected = new Map<string, Rollout>();
    const uids = new Set<string>();
    for (const rollout of all.toSorted(byAge)) {
      const plan = this.#planOf(rollout);
      if (plan === undefined) continue;
      uids.add(plan.uid);
      const sides = this.#sidesOf(rollout, plan);
      if (sides === undefined || collected.has(nameText(sides.stable))) continue;
      collected.set(nameText(sides.stable), { uid: plan.uid, weight: plan.weight, canary: sides.canary });
    }
    for (const uid of this.#plans.keys()) if (!uids.has(uid)) this.#plans.delete(uid);
    return collected;
  }

  #planOf(rollout: ChannelRollout): RolloutPlan | undefined {
    const verdict = readRollout(rollout);
    const { name, namespace, uid = `${namespace ?? ""}/${name}` } = rollout.metadata;
    if (verdict.kind === "valid") {
      this.#plans.set(uid, verdict.plan);
      return verdict.plan;
    }
    this.#logger.warn("A rollout cannot be followed", { name, namespace, reason: verdict.message });
    return this.#plans.get(uid);
  }

  /** A routing is named like its Channel. Both sides must be the same channel of the same tenant. */
  #sidesOf(
    { metadata }: ChannelRollout,
    plan: RolloutPlan,
  ): { readonly stable: ChannelIdentity; readonly canary: ChannelIdentity } | undefined {
    const routingNamed = (name: string): ChannelRouting | undefined =>
      this.#routings
        .list()
        .find((each) => each.metadata.name === name && each.metadata.namespace === metadata.namespace);
    const [stable, canary] = [routingNamed(plan.stable), routingNamed(plan.canary)];
    if (stable === undefined || canary === undefined) return undefined;
    const sides = { stable: channelIdentityOf(stable), canary: channelIdentityOf(canary) };
    const isSameChannel = nameText(sides.stable) === nameText(sides.canary);
    return isSameChannel && sides.stable.subset === defaultSubset ? sides : undefined;
  }
}

function nameText({ tenant, channel }: ChannelName): string {
  return JSON.stringify([tenant, channel]);
}

function byAge(left: ChannelRollout, right: ChannelRollout): number {
  const age = ({ metadata }: ChannelRollout): string =>
    `${metadata.creationTimestamp ?? ""} ${metadata.name}`;
  return age(left) < age(right) ? -1 : 1;
}
