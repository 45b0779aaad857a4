/** Keeps the Agent of one workload equal to what its pods announce. */
import { keyText, requeueAfter, requeueOnChange } from "@lmos/kube";
import { type Clock, formatTimestamp } from "@lmos/primitives";
import { applyCommands, type Writers } from "../apply.ts";
import type { Reconcile } from "../reconcile.ts";
import { decideDiscovery } from "./decide.ts";
import { type DiscoveryGathering, gatherDiscovery } from "./gather.ts";
import { failuresOf, planDiscovery } from "./plan.ts";
import { reportDiscovery } from "./report.ts";

/** What a reconcile of a workload works with. */
export interface DiscoveryReconcilerOptions extends DiscoveryGathering {
  readonly writers: Writers;
  readonly clock: Clock;
}

/** The loop body for workloads. One that is gone needs nothing: its Agent goes with it (owner reference). */
export function createDiscoveryReconciler(reconciling: DiscoveryReconcilerOptions): Reconcile {
  const { readings, writers, clock } = reconciling;
  const reported = new Map<string, ReadonlySet<string>>();
  return async (key, options) => {
    const input = await gatherDiscovery(key, reconciling, options);
    if (input === undefined) {
      reported.delete(keyText(key));
      return requeueOnChange;
    }
    const decision = decideDiscovery(input);
    const condition = reportDiscovery(decision, input.agent, formatTimestamp(clock.now()));
    const plan = planDiscovery(decision, condition, { ...input, reported: reported.get(keyText(key)) });
    await applyCommands(plan, writers, options);
    const failures = failuresOf(decision, input);
    reported.set(keyText(key), new Set(failures.map(({ identity }) => identity)));
    return input.reading === undefined ? requeueOnChange : requeueAfter(readings.untilDue(input.reading));
  };
}
