/** The same answers about grants without a cluster: for objects of files, or for those of a cluster at one moment. */

import type { Agent, Channel, GrantsMode } from "@lmos/resources";
import { type UngrantedClaim, ungrantedClaims } from "../agent/granted.ts";
import { fillStores, type GivenObjects } from "../filled-stores.ts";
import { namespaceOf } from "../stores.ts";
import { grantedAgentOf } from "./agents-of-grant.ts";
import { type ChannelGrants, gatherChannelGrants, grantsConcerning } from "./channel-grants.ts";

/** Answers about grants. */
export interface GrantLookup {
  /** What grants say about a Channel of these; undefined where they do not count. */
  ofChannel(channel: Channel): ChannelGrants | undefined;
  /** What an Agent of these claims and nobody granted. */
  ofAgent(agent: Agent): readonly UngrantedClaim[];
}

/** Answers from these objects. */
export function createGrantLookup(objects: GivenObjects, mode: GrantsMode): GrantLookup {
  const stores = fillStores(objects);
  return {
    ofChannel: (channel) => {
      const agents = stores.agents.byIndex("namespace", namespaceOf(channel));
      return gatherChannelGrants(channel, agents, { stores, mode });
    },
    ofAgent: (agent) =>
      ungrantedClaims(agent, {
        agent: grantedAgentOf(agent, stores),
        grants: grantsConcerning(namespaceOf(agent), stores),
      }),
  };
}
