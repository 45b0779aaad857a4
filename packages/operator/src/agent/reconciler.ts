/** Keeps the status of one Agent true, whoever wrote the Agent. */
import { requeueAfter, requeueOnChange } from "@lmos/kube";
import { type Clock, formatTimestamp } from "@lmos/primitives";
import type { GrantsMode } from "@lmos/resources";
import { applyCommands, type Writers } from "../apply.ts";
import type { Reconcile } from "../reconcile.ts";
import { patienceForGeneration, Settling } from "../settling.ts";
import type { Stores } from "../stores.ts";
import { decideAgent } from "./decide.ts";
import { FlapDetector, type Steadiness } from "./flapping.ts";
import { gatherAgent } from "./gather.ts";
import { saysNothingNew } from "./news.ts";
import { planAgent } from "./plan.ts";
import { isReady, reportAgent } from "./report.ts";

/** What a reconcile of an Agent works with. */
export interface AgentReconcilerOptions {
  readonly stores: Stores;
  readonly writers: Writers;
  readonly clock: Clock;
  /** How much CapabilityGrants count; not at all unless given. */
  readonly grants?: GrantsMode | undefined;
}

/** The loop body for Agents. */
export function createAgentReconciler({
  stores,
  writers,
  clock,
  grants = "off",
}: AgentReconcilerOptions): Reconcile {
  const flaps = new FlapDetector(clock);
  const settling = new Settling(clock);
  return async (key, options) => {
    const input = gatherAgent(key, stores, grants);
    if (input === undefined) {
      flaps.forget(key);
      settling.forget(key);
      return requeueOnChange;
    }
    const decision = decideAgent(input);
    const steadiness = flaps.observe(key, isReady(decision.readiness));
    const status = reportAgent(decision, { ...input, steadiness }, formatTimestamp(clock.now()));
    const waitMs = saysNothingNew(status, input.agent.status)
      ? settling.remaining(key, String(status.observedGeneration), patienceForGeneration)
      : 0;
    if (waitMs > 0) return requeueAfter(Math.min(waitMs, remainingMs(steadiness)));
    await applyCommands(planAgent(status, input), writers, options);
    settling.forget(key);
    return steadiness.kind === "steady" ? requeueOnChange : requeueAfter(steadiness.remainingMs);
  };
}

function remainingMs(steadiness: Steadiness): number {
  return steadiness.kind === "steady" ? Number.POSITIVE_INFINITY : steadiness.remainingMs;
}
