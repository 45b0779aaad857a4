/** Finds the routing that serves a channel, asking its source where that has to be asked. */

import type { ChannelIdentity } from "@lmos/resources";
import { type TurnFailure, turnFailure } from "../turn/failure.ts";
import type { FetchOutcome } from "./feed.ts";
import { describeMissingRouting } from "./missing-routing.ts";
import type { RoutingTable } from "./routing-table.ts";
import type { RoutingSnapshot } from "./snapshot.ts";

/** Where routings are found. */
export interface ServedRoutings {
  readonly routings: Pick<RoutingTable, "find">;
  /** Asks the source for a channel that is not known; undefined where the source tells all of them by itself. */
  readonly fetchRouting?:
    | ((identity: ChannelIdentity, options: { readonly signal: AbortSignal }) => Promise<FetchOutcome>)
    | undefined;
  /** What is said of a channel that the source does not know; the usual sentence unless given. */
  readonly describeMissing?: ((identity: ChannelIdentity) => string) | undefined;
}

/** The routing, or why there is none. */
export type FoundRouting =
  | { readonly kind: "found"; readonly snapshot: RoutingSnapshot }
  | { readonly kind: "missing" | "failed"; readonly failure: TurnFailure };

/** Finds it. */
export async function findRouting(
  identity: ChannelIdentity,
  { routings, fetchRouting, describeMissing }: ServedRoutings,
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
    ? { kind: "missing", failure: noRouting(identity, describeMissing?.(identity)) }
    : { kind: "found", snapshot: fetched };
}

/** That there is none, in words that clients are known to match on. */
export function noRouting(
  identity: Pick<ChannelIdentity, "tenant" | "channel">,
  message: string = describeMissingRouting(identity),
): TurnFailure {
  return turnFailure("no_routing", message);
}
