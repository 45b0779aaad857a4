/**
 * Picks a candidate for each requirement such that what must come from one agent does (`uses`). Requirements whose
 * candidates use nothing of each other take their first choice; the others are searched, depth first in the order of
 * preference, within a budget of steps.
 */
import type { FittingCandidate } from "./candidates.ts";
import type { Cause } from "./cause.ts";
import { compareText } from "./compare.ts";
import type { Requirement } from "./model.ts";
import { identityOf } from "./requirement.ts";
import type { Order } from "./strategy.ts";

/** A requirement, the candidates that fit it in no order, and their order of preference. */
export interface Slot {
  readonly requirement: Requirement;
  readonly fitting: readonly FittingCandidate[];
  readonly order: Order;
  /** False where it is known that none of them uses others. */
  readonly mayUse: boolean;
}

/** What became of a slot: its candidates, or for each of them why it was not taken, or that the search gave up. */
export type Pick =
  | { readonly kind: "taken"; readonly taken: readonly FittingCandidate[] }
  | { readonly kind: "conflict"; readonly causes: ReadonlyMap<FittingCandidate, Cause> }
  | { readonly kind: "exhausted"; readonly tried: number };

interface Taken {
  readonly slot: Slot;
  readonly candidate: FittingCandidate;
}

/** Steps that one resolution may take in all. */
const budgetOfSteps = 100_000;

/** The picks of all slots. Depends on what the slots are, not on their order. */
export function pickAll(slots: readonly Slot[]): ReadonlyMap<Slot, Pick> {
  if (!slots.some(({ mayUse }) => mayUse)) return new Map(slots.map((slot) => [slot, takeFirst(slot)]));
  const groups = linkedGroups(slots);
  const searched = groups.filter(({ length }) => length > 1);
  const budget = Math.floor(budgetOfSteps / Math.max(1, searched.length));
  return new Map(groups.flatMap((group) => [...pickGroup(group, budget)]));
}

function pickGroup(group: readonly Slot[], budget: number): ReadonlyMap<Slot, Pick> {
  const [only] = group;
  if (group.length === 1 && only !== undefined) return new Map([[only, takeFirst(only)]]);
  const picks = new Map<Slot, Pick>();
  const search = new Search(budget);
  let open: readonly Slot[] = group.toSorted(bySearchOrder);
  for (;;) {
    const outcome = search.run(open);
    if (outcome.kind !== "conflict") return new Map([...picks, ...open.map((slot) => pickOf(slot, outcome))]);
    picks.set(outcome.at, { kind: "conflict", causes: conflictCauses(outcome.at, outcome.taken) });
    open = open.filter((slot) => slot !== outcome.at);
  }
}

function takeFirst({ requirement, fitting, order }: Slot): Pick {
  if (requirement.cardinality === "multiple") return { kind: "taken", taken: fitting.toSorted(order) };
  const first = fitting.reduce<FittingCandidate | undefined>(
    (best, each) => (best === undefined || order(each, best) < 0 ? each : best),
    undefined,
  );
  return { kind: "taken", taken: first === undefined ? [] : [first] };
}

function pickOf(slot: Slot, outcome: Exclude<Outcome, { kind: "conflict" }>): readonly [Slot, Pick] {
  if (outcome.kind === "exhausted") return [slot, outcome];
  const own = outcome.taken.filter((taken) => taken.slot === slot);
  // Left out although it is not needed: each of its candidates is at odds with something that was taken.
  if (own.length === 0) return [slot, { kind: "conflict", causes: conflictCauses(slot, outcome.taken) }];
  return [slot, { kind: "taken", taken: own.map(({ candidate }) => candidate) }];
}

type Outcome =
  | { readonly kind: "found"; readonly taken: readonly Taken[] }
  /** The slot that no choice reached beyond, and what was taken when it was first reached. */
  | { readonly kind: "conflict"; readonly at: Slot; readonly taken: readonly Taken[] }
  | { readonly kind: "exhausted"; readonly tried: number };

/** One group's search. The budget is that of all its runs. */
class Search {
  readonly #budget: number;
  readonly #preferences = new Map<Slot, readonly FittingCandidate[]>();
  #tried = 0;
  #deepest: { readonly index: number; readonly at: Slot; readonly taken: readonly Taken[] } | undefined;

  constructor(budget: number) {
    this.#budget = budget;
  }

  run(slots: readonly Slot[]): Outcome {
    this.#start();
    const taken = this.#descend(slots, 0, []);
    if (taken !== undefined) return { kind: "found", taken };
    if (this.#tried > this.#budget || this.#deepest === undefined) {
      return { kind: "exhausted", tried: this.#budget };
    }
    return { kind: "conflict", at: this.#deepest.at, taken: this.#deepest.taken };
  }

  #start(): void {
    this.#deepest = undefined;
  }

  #descend(slots: readonly Slot[], index: number, taken: readonly Taken[]): readonly Taken[] | undefined {
    const slot = slots[index];
    if (slot === undefined) return taken;
    if (index > (this.#deepest?.index ?? -1)) this.#deepest = { index, at: slot, taken };
    for (const choice of this.#choices(slot, taken)) {
      const found = this.#descend(slots, index + 1, [...taken, ...choice]);
      if (found !== undefined) return found;
      if (this.#tried > this.#budget) return undefined;
    }
    return undefined;
  }

  #ordered(slot: Slot): readonly FittingCandidate[] {
    const known = this.#preferences.get(slot);
    if (known !== undefined) return known;
    const ordered = slot.fitting.toSorted(slot.order);
    this.#preferences.set(slot, ordered);
    return ordered;
  }

  /** What may be taken for the slot beside what is taken already, the best first. */
  *#choices(slot: Slot, taken: readonly Taken[]): Generator<readonly Taken[]> {
    const together: Taken[] = [];
    for (const candidate of this.#ordered(slot)) {
      this.#tried += 1;
      const one = { candidate, slot };
      if (taken.some((other) => conflicts(one, other))) continue;
      if (slot.requirement.cardinality === "multiple") together.push(one);
      else yield [one];
    }
    if (together.length > 0) yield together;
    // Where all of it is at odds with something mandatory, one of it may not be; and one is what is needed.
    if (together.length > 1) yield* together.map((one) => [one]);
    if (slot.requirement.resolution === "optional") yield [];
  }
}

/** True where the two must come from one agent and do not. */
function conflicts(one: Taken, other: Taken): boolean {
  if (one.candidate.provider === other.candidate.provider || one.slot === other.slot) return false;
  return uses(one, other.candidate.capability.name) || uses(other, one.candidate.capability.name);
}

function uses({ candidate }: Taken, name: string): boolean {
  return candidate.capability.uses?.includes(name) === true;
}

function conflictCauses(slot: Slot, taken: readonly Taken[]): ReadonlyMap<FittingCandidate, Cause> {
  const causes = slot.fitting.flatMap((candidate) => {
    const other = taken.find((each) => conflicts({ candidate, slot }, each))?.candidate;
    return other === undefined ? [] : [[candidate, usesConflict(candidate, other)] as const];
  });
  return new Map(causes);
}

function usesConflict(one: FittingCandidate, other: FittingCandidate): Cause {
  return {
    kind: "UsesConflict",
    capability: one.capability.name,
    provider: one.provider.name,
    other: other.capability.name,
    otherProvider: other.provider.name,
  };
}

/** Mandatory before optional and one wire before several, so that what is needed most is chosen most freely. */
function bySearchOrder(left: Slot, right: Slot): number {
  return compareText(searchKey(left), searchKey(right));
}

function searchKey({ requirement }: Slot): string {
  const isOptional = requirement.resolution === "optional";
  const isMultiple = requirement.cardinality === "multiple";
  return `${Number(isOptional)}${Number(isMultiple)}${identityOf(requirement)}`;
}

/** The slots in groups: two are linked where a candidate of one uses the name of the other. */
function linkedGroups(slots: readonly Slot[]): readonly (readonly Slot[])[] {
  const groups = new Map<Slot, Slot[]>(slots.map((slot) => [slot, [slot]]));
  for (const slot of slots) {
    const used = new Set(slot.fitting.flatMap(({ capability }) => capability.uses ?? []));
    for (const other of slots) if (used.has(other.requirement.name)) join(groups, slot, other);
  }
  return [...new Set(groups.values())];
}

function join(groups: Map<Slot, Slot[]>, left: Slot, right: Slot): void {
  const [into, from] = [groups.get(left), groups.get(right)];
  if (into === undefined || from === undefined || into === from) return;
  into.push(...from);
  for (const slot of from) groups.set(slot, into);
}
