/** How well messages were routed, against what a human dispatcher would have done. Pure. */

/** One routed message. */
export interface RoutedMessage {
  /** Null where no agent is right. */
  readonly expected: string | null;
  readonly decision: string;
  /** The agent that answered, where one was accepted. */
  readonly agent: string | undefined;
  /** The agents that a question named. */
  readonly choices: readonly string[];
  /** The likeliest agents, best first. */
  readonly alternatives: readonly string[];
}

/** Counts over all messages. */
export interface RoutingFigures {
  readonly inScope: number;
  readonly bestIsExpected: number;
  readonly acceptedRight: number;
  readonly acceptedWrong: number;
  readonly askedRight: number;
  readonly outOfScope: number;
  readonly outOfScopeAccepted: number;
}

/** Counts. */
export function routingFigures(routed: readonly RoutedMessage[]): RoutingFigures {
  const inScope = routed.filter(({ expected }) => expected !== null);
  const outOfScope = routed.filter(({ expected }) => expected === null);
  const accepted = inScope.filter(({ decision }) => decision === "accept");
  const isIn = (names: readonly string[], name: string | null): boolean =>
    name !== null && names.includes(name);
  return {
    inScope: inScope.length,
    bestIsExpected: inScope.filter(({ alternatives, expected }) => alternatives[0] === expected).length,
    acceptedRight: accepted.filter(({ agent, expected }) => agent === expected).length,
    acceptedWrong: accepted.filter(({ agent, expected }) => agent !== expected).length,
    askedRight: inScope.filter(
      ({ decision, choices, expected }) => decision === "ask" && isIn(choices, expected),
    ).length,
    outOfScope: outOfScope.length,
    outOfScopeAccepted: outOfScope.filter(({ decision }) => decision === "accept").length,
  };
}

/** A share with its bound. */
export interface BoundedShare {
  readonly name: string;
  readonly count: number;
  readonly of: number;
  readonly bound: { readonly kind: "atLeast" | "atMost"; readonly percent: number };
}

/** The shares that must hold. */
export function boundedShares(figures: RoutingFigures): readonly BoundedShare[] {
  const { inScope, outOfScope } = figures;
  return [
    {
      name: "in scope, best alternative is the expected agent",
      count: figures.bestIsExpected,
      of: inScope,
      bound: { kind: "atLeast", percent: 95 },
    },
    {
      name: "in scope, accepted and right",
      count: figures.acceptedRight,
      of: inScope,
      bound: { kind: "atLeast", percent: 80 },
    },
    {
      name: "in scope, accepted and wrong",
      count: figures.acceptedWrong,
      of: inScope,
      bound: { kind: "atMost", percent: 3 },
    },
    {
      name: "out of scope, accepted",
      count: figures.outOfScopeAccepted,
      of: outOfScope,
      bound: { kind: "atMost", percent: 15 },
    },
  ];
}

/** The share in per cent. */
export function percentOf({ count, of }: BoundedShare): number {
  return of === 0 ? 0 : (100 * count) / of;
}

/** True when the share keeps its bound; over no messages nothing holds. */
export function holds(share: BoundedShare): boolean {
  if (share.of === 0) return false;
  const percent = percentOf(share);
  return share.bound.kind === "atLeast" ? percent >= share.bound.percent : percent <= share.bound.percent;
}

/** Such as `in scope, accepted and wrong: 0 of 121 (0.0 %, at most 3 %)`. */
export function describeShare(share: BoundedShare): string {
  const bound = `${share.bound.kind === "atLeast" ? "at least" : "at most"} ${share.bound.percent} %`;
  return `${share.name}: ${share.count} of ${share.of} (${percentOf(share).toFixed(1)} %, ${bound})`;
}
