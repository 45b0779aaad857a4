/** Routings, Channels and ChannelRollouts as mirrors of the API server. */
import { createReflector, type Indexes, type KubeClient, type Reflector } from "@lmos/kube";
import type { Clock, Logger, Random } from "@lmos/primitives";
import {
  type ChannelRouting,
  channelIdentityOf,
  channelKind,
  channelRolloutKind,
  channelRoutingKind,
} from "@lmos/resources";
import { together } from "../background-work.ts";
import type { MirroredRoutings, RoutingGrants } from "../grants/routing-grants.ts";
import { createChannelCatalogue } from "./channel-catalogue.ts";
import type { RoutingFeed } from "./feed.ts";
import { refuseEmptyLists } from "./refuse-empty-lists.ts";
import { identityIndex } from "./routing-table.ts";
import { identityText } from "./snapshot.ts";

/** What the mirrors are made of. */
export interface KubernetesFeedOptions {
  readonly client: Pick<KubeClient, "list" | "watch">;
  readonly namespace?: string | undefined;
  /** Makes of the mirror of routings what is granted of them; all of it is served unless given. */
  readonly grantsOver?: GrantsOver | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** Begins to follow what is granted of routings. */
export type GrantsOver = (routings: MirroredRoutings) => RoutingGrants;

/** A feed that is empty before its `run`. */
export function createKubernetesFeed(options: KubernetesFeedOptions): RoutingFeed {
  let refused = 0;
  const guarded = refuseEmptyLists(options.client, {
    clock: options.clock,
    holdsAny: () => routings.store.list().length > 0,
    onRefused: () => {
      refused += 1;
    },
  });
  const indexes: Indexes<ChannelRouting> = {
    [identityIndex]: (routing) => [identityText(channelIdentityOf(routing))],
  };
  const routings: Reflector<ChannelRouting> = createReflector({
    ...options,
    client: guarded,
    type: channelRoutingKind,
    indexes,
  });
  const granted = options.grantsOver?.({ store: routings.store, indexes });
  const served = granted?.served ?? routings.store;
  const channels = createReflector({
    ...options,
    type: channelKind,
    indexes: { [identityIndex]: (channel) => [identityText(channelIdentityOf(channel))] },
  });
  const rollouts = createReflector({ ...options, type: channelRolloutKind });
  return {
    routings: served,
    rollouts: rollouts.store,
    catalogue: createChannelCatalogue({ channels: channels.store, routings: served }),
    ageMs: () => routings.silentMs(),
    get refused() {
      return refused;
    },
    get ungranted() {
      return granted?.ungranted ?? 0;
    },
    fetch: undefined,
    open: async () => undefined,
    run: together(
      [routings, channels, rollouts, ...(granted === undefined ? [] : [granted])].map(
        (part) => (call) => part.run(call),
      ),
    ),
  };
}
