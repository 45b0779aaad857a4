/**
 * Which routing a turn follows: the subset that its conversation began with, the one that the client names, the side of
 * a canary release that the conversation is on, or the default one.
 */
import { defaultSubset } from "@lmos/resources";
import type { ConversationMemory } from "../conversation/conversation-memory.ts";
import { type FoundRouting, findRouting, type ServedRoutings } from "../routing/find-routing.ts";
import { goesToCanary, type Rollout, type Rollouts } from "../routing/rollouts.ts";
import type { RoutingSnapshot } from "../routing/snapshot.ts";
import type { TurnFailure } from "./failure.ts";
import type { Turn } from "./turn.ts";

/** Where routings are looked up. */
export interface LocateServices extends ServedRoutings {
  readonly conversations: Pick<ConversationMemory, "find">;
  readonly rollouts?: Rollouts | undefined;
}

/** The routing, or why there is none. */
export type LocatedRouting =
  | {
      readonly kind: "found";
      readonly snapshot: RoutingSnapshot;
      /** Uid of the canary release that chose it. */
      readonly rollout: string | undefined;
    }
  | { readonly kind: "failed"; readonly failure: TurnFailure };

/** Looks up, in the order above, the first that is served. */
export async function locateRouting(
  turn: Turn,
  services: LocateServices,
  options: { readonly signal: AbortSignal },
): Promise<LocatedRouting> {
  const [first, ...others] = wishesOf(turn, services);
  let { found, rollout } = await locate(first, { turn, services, options });
  for (const wish of others) {
    if (found.kind !== "missing") break;
    ({ found, rollout } = await locate(wish, { turn, services, options }));
  }
  if (found.kind !== "found") return { kind: "failed", failure: found.failure };
  return { kind: "found", snapshot: found.snapshot, rollout };
}

interface Search {
  readonly turn: Turn;
  readonly services: LocateServices;
  readonly options: { readonly signal: AbortSignal };
}

async function locate(
  { subset, rollout }: Wish,
  { turn, services, options }: Search,
): Promise<{ readonly found: FoundRouting; readonly rollout: string | undefined }> {
  const identity = { tenant: turn.tenant, channel: turn.channel, subset };
  return { found: await findRouting(identity, services, options), rollout };
}

interface Wish {
  readonly subset: string;
  readonly rollout: string | undefined;
}

type Wishes = readonly [Wish, ...Wish[]];

function wishesOf(turn: Turn, { conversations, rollouts }: LocateServices): Wishes {
  const rollout = rollouts?.find(turn);
  const fresh = freshWishes(turn, rollout);
  const remembered = conversations.find(turn);
  // Who was moved by a release that is over goes back; a changed weight moves nobody who has begun.
  const isBound = remembered?.rollout === undefined || remembered.rollout === rollout?.uid;
  if (remembered === undefined || !isBound) return fresh;
  return [{ subset: remembered.subset, rollout: remembered.rollout }, ...fresh];
}

function freshWishes(turn: Turn, rollout: Rollout | undefined): Wishes {
  if (turn.subset !== undefined) return [{ subset: turn.subset, rollout: undefined }];
  if (rollout === undefined) return [{ subset: defaultSubset, rollout: undefined }];
  const stable = { subset: defaultSubset, rollout: rollout.uid };
  const canary = { subset: rollout.canary.subset, rollout: rollout.uid };
  return goesToCanary(rollout, turn.conversationId) ? [canary, stable] : [stable];
}
