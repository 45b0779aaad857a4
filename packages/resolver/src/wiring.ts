/** Wires the requirements of one requirer, a channel or an agent, to what may be used. */
import { type Demand, type FittingCandidate, fittingOffers, rejectedOffers } from "./candidates.ts";
import type { Cause } from "./cause.ts";
import type { Audience, CurrentWire, Requirement, UnmetRequirement, Wire } from "./model.ts";
import { orderByNearness } from "./nearest.ts";
import type { Offer, ProviderIndex } from "./provider-index.ts";
import { distinctRequirements } from "./requirement.ts";
import { type Pick, pickAll, type Slot } from "./search.ts";
import { orderOfPreference } from "./strategy.ts";

/** What requirements are wired in. */
export interface WiringContext {
  readonly index: ProviderIndex;
  readonly audience: Audience;
  readonly current: readonly CurrentWire[];
  readonly unusable: Demand["unusable"];
}

/** What became of the requirements of one requirer, each list in their order. */
export interface WiringOutcome {
  readonly wires: readonly Wire[];
  readonly unmet: readonly UnmetRequirement[];
  /** The unmet ones that are optional. */
  readonly skipped: readonly UnmetRequirement[];
}

interface OpenSlot extends Slot {
  readonly offers: readonly Offer[];
  readonly demand: Demand;
}

/** Wires what can be wired and explains the rest. */
export function wireRequirements(
  requirements: readonly Requirement[],
  context: WiringContext,
): WiringOutcome {
  const prepared = distinctRequirements(requirements).map((each) => prepare(each, context));
  const slots = prepared.flatMap((each) =>
    each.kind === "open" && each.slot.fitting.length > 0 ? [each.slot] : [],
  );
  const picks = pickAll(slots);
  const wires: Wire[] = [];
  const unmet: UnmetRequirement[] = [];
  for (const each of prepared) {
    const pick = each.kind === "open" ? picks.get(each.slot) : undefined;
    if (pick?.kind === "taken" && pick.taken.length > 0)
      wires.push(...pick.taken.map(wireTo(each.requirement)));
    else unmet.push(each.kind === "open" ? explainSlot(each.slot, pick) : each.unmet);
  }
  const isOptional = ({ requirement }: UnmetRequirement): boolean => requirement.resolution === "optional";
  return { wires, unmet: unmet.filter((each) => !isOptional(each)), skipped: unmet.filter(isOptional) };
}

type Prepared =
  | { readonly kind: "open"; readonly requirement: Requirement; readonly slot: OpenSlot }
  | { readonly kind: "unreadable"; readonly requirement: Requirement; readonly unmet: UnmetRequirement };

function prepare(requirement: Requirement, context: WiringContext): Prepared {
  const { name, range: rangeText, filter: filterText } = requirement;
  const unreadable = (cause: Cause): Prepared => {
    return { kind: "unreadable", requirement, unmet: { requirement, cause, candidates: [] } };
  };
  const range = context.index.readRange(rangeText);
  if (range === undefined) return unreadable({ kind: "InvalidRange", capability: name, range: rangeText });
  const filter = filterText === undefined ? undefined : context.index.readFilter(filterText);
  if (filterText !== undefined && filter === undefined) {
    return unreadable({ kind: "InvalidFilter", capability: name, filter: filterText });
  }
  const { audience, unusable } = context;
  const demand: Demand = { requirement, range, filter, audience, unusable };
  const offers = context.index.offersOf(name);
  const mayUse = context.index.mayUse(name);
  const order = orderOfPreference(requirement, context.current);
  const slot = { requirement, fitting: fittingOffers(offers, demand), order, mayUse, offers, demand };
  return { kind: "open", requirement, slot };
}

function wireTo(requirement: Requirement): (candidate: FittingCandidate) => Wire {
  return ({ provider, capability }) => ({ requirement, provider, capability });
}

function explainSlot(slot: OpenSlot, pick: Pick | undefined): UnmetRequirement {
  const { requirement, fitting, offers, demand } = slot;
  const conflicts = pick?.kind === "conflict" ? pick.causes : new Map<FittingCandidate, Cause>();
  const conflicting = fitting.flatMap((candidate) => {
    const cause = conflicts.get(candidate);
    return cause === undefined ? [] : [{ ...candidate, cause }];
  });
  const candidates = orderByNearness([...conflicting, ...rejectedOffers(offers, demand)], demand.range);
  if (pick?.kind === "exhausted") {
    const cause = { kind: "SearchBudgetExceeded", capability: requirement.name, tried: pick.tried } as const;
    return { requirement, cause, candidates };
  }
  const cause = candidates[0]?.cause ?? { kind: "NoProvider", capability: requirement.name };
  return { requirement, cause, candidates };
}
