/** Decides which fault strikes which request. The same rules, seed and order of requests give the same decisions. */
import type { Random } from "@lmos/primitives";
import { SeededRandom } from "../seeded-random.ts";
import type { ApiRequest } from "./api-request.ts";
import { type Fault, type FaultRule, matches, type Occasion } from "./fault.ts";

/** A set of rules with the counts that they need. */
export class FaultPlan {
  readonly #rules: readonly { readonly rule: FaultRule; readonly random: Random; seen: number }[];

  /** Each rule draws from numbers of its own, so that adding a rule does not change what the others do. */
  constructor(rules: readonly FaultRule[], seed: number) {
    this.#rules = rules.map((rule, index) => ({ rule, random: new SeededRandom(seed + index), seen: 0 }));
  }

  /** The fault of the first rule that strikes; every matching rule counts the request. */
  faultFor(request: ApiRequest): Fault | undefined {
    const struck = this.#rules.filter((each) => {
      if (!matches(each.rule.match, request)) return false;
      each.seen += 1;
      return strikes(each.rule.occasion, each.seen, each.random);
    });
    return struck[0]?.rule.fault;
  }
}

function strikes(occasion: Occasion | undefined, seen: number, random: Random): boolean {
  switch (occasion?.kind) {
    case undefined:
      return true;
    case "nth":
      return seen === occasion.nth;
    case "first":
      return seen <= occasion.count;
    case "share":
      return random.next() < occasion.share;
    default:
      return occasion satisfies never;
  }
}
