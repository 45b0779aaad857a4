/** Keeps the status of one Agent true, whoever wrote the Agent. */
import { requeueAfter, requeueOnChange } from "@lmos/kube";
import { type Clock, formatTimestamp } from "@lmos/primitives";
import { applyCommands, type Writers } from "../apply.ts";
import type { GrantsMode } from "../grants/mode.ts";
import type { Reconcile } from "../reconcile.ts";
import type { Stores } from "../stores.ts";
import { decideAgent } from "./decide.ts";
import { FlapDetector } from "./flapping.ts";
import { gatherAgent } from "./gather.ts";
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
  return async (key, options) => {
    const input = gatherAgent(key, stores, grants);
    if (input === undefined) {
      flaps.forget(key);
      return requeueOnChange;
    }
    const decision = decideAgent(input);
    const steadiness = flaps.observe(key, isReady(decision.readiness));
    const status = reportAgent(decision, { ...input, steadiness }, formatTimestamp(clock.now()));
    await applyCommands(planAgent(status, input), writers, options);
    return steadiness.kind === "steady" ? requeueOnChange : requeueAfter(steadiness.remainingMs);
  };
}
