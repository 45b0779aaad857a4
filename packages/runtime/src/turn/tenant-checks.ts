/**
 * What is checked of each turn, again and last: that its routing is of its tenant, and that its user is. The operator has
 * wired only what the tenant may use, and the doors have compared names before: a hole in one of the three is not enough.
 */
import type { RoutingSnapshot } from "../routing/snapshot.ts";
import { type TurnFailure, turnFailure } from "./failure.ts";
import type { Turn } from "./turn.ts";

/** Each says whether a turn may go on. */
export interface TenantChecks {
  /** The routing that was found is the one that was looked for. */
  isRoutingOfTenant(turn: Turn, snapshot: RoutingSnapshot): boolean;
  /** The token, where there is one, is for the turn's tenant. */
  isUserOfTenant(turn: Turn): boolean;
}

/** The checks that hold. */
export const tenantChecks: TenantChecks = {
  isRoutingOfTenant: ({ tenant, channel }, { identity }) =>
    identity.tenant === tenant && identity.channel === channel,
  isUserOfTenant: ({ tenant, owner }) => owner === undefined || owner.tenant === tenant,
};

/** Why a turn of a user of another tenant ends. */
export function wrongTenant(): TurnFailure {
  return turnFailure("wrong_tenant", "The token is for another tenant.");
}
