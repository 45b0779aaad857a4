/** Finds the routing that serves a channel, asking its source where that has to be asked. */

import type { ChannelIdentity } from "@lmos/resources";
import { loggable } from "../loggable.ts";
import { type TurnFailure, turnFailure } from "../turn/failure.ts";
import type { FetchOutcome } from "./feed.ts";
import type { RoutingTable } from "./routing-table.ts";
import type { RoutingSnapshot } from "./snapshot.ts";

/** Where routings are found. */
export interface ServedRoutings {
  readonly routings: Pick<RoutingTable, "find">;
  /** Asks the source for a channel that is not known; undefined where the source tells all of them by itself. */
  readonly fetchRouting?:
    | ((identity: ChannelIdentity, options: { readonly signal: AbortSignal }) => Promise<FetchOutcome>)
    | undefined;
}

/** The routing, or why there is none. */
export type FoundRouting =
  | { readonly kind: "found"; readonly snapshot: RoutingSnapshot }
  | { readonly kind: "missing" | "failed"; readonly failure: TurnFailure };

/** Finds it. */
export async function findRouting(
  identity: ChannelIdentity,
  { routings, fetchRouting }: ServedRoutings,
  options: { readonly signal: AbortSignal },
): Promise<FoundRouting> {
  const served = routings.find(identity);
  if (served !== undefined) return { kind: "found", snapshot: served };
  const outcome = await fetchRouting?.(identity, options);
  if (outcome?.kind === "failed") {
    return { kind: "failed", failure: turnFailure("routing_unavailable", outcome.message) };
  }
  const fetched = routings.find(identity);
  return fetched === undefined
    ? { kind: "missing", failure: noRouting(identity) }
    : { kind: "found", snapshot: fetched };
}

/** The wording is the Kotlin runtime's: clients are known to match on it. */
export function noRouting({ tenant, channel }: Pick<ChannelIdentity, "tenant" | "channel">): TurnFailure {
  return turnFailure(
    "no_routing",
    `No routing info found operator for tenant: ${loggable(tenant)}, channel: ${loggable(channel)}`,
  );
}
