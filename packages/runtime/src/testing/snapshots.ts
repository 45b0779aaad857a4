/** Builders of snapshots and decisions. */
import type { Alternative, Classifier, RoutingDecision } from "@lmos/router";
import type { RoutedAgent, RoutingSnapshot } from "../routing/snapshot.ts";

/** A snapshot of acme's web channel. */
export function snapshotOf(parts: {
  readonly agents: readonly RoutedAgent[];
  readonly classifier: Classifier | undefined;
  readonly subset?: string;
  readonly settings?: RoutingSnapshot["settings"];
}): RoutingSnapshot {
  const identity = { tenant: "acme", channel: "web", subset: parts.subset ?? "stable" };
  const { agents, classifier, settings = {} } = parts;
  return { identity, hash: "0123456789ab", agents, settings, classifier };
}

type Core =
  | {
      readonly decision: "accept";
      readonly agent: string;
      readonly capability: string;
      readonly confidence: number;
    }
  | {
      readonly decision: "ask";
      readonly question: string;
      readonly choices: readonly Alternative[];
      readonly confidence: number;
    }
  | { readonly decision: "none"; readonly confidence: number };

/** A decision with an explanation that says nothing. */
export function decided(core: Core): RoutingDecision {
  const explanation = {
    stage: "vector",
    margin: 0,
    marginThreshold: 0,
    energy: 0,
    energyThreshold: 0,
    coverage: 1,
    coverageThreshold: 0,
    matchedExamples: [],
  } as const;
  return { ...core, alternatives: [], explanation };
}
