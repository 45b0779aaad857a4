/** Keeps the status of one Agent true, whoever wrote the Agent. */
import { type CallOptions, type ObjectKey, type Requeue, requeueOnChange } from "@lmos/kube";
import { type Clock, formatTimestamp } from "@lmos/primitives";
import { applyCommands, type Writers } from "../apply.ts";
import type { Stores } from "../stores.ts";
import { decideAgent } from "./decide.ts";
import { gatherAgent } from "./gather.ts";
import { planAgent } from "./plan.ts";
import { reportAgent } from "./report.ts";

/** What a reconcile of an Agent works with. */
export interface AgentReconcilerOptions {
  readonly stores: Stores;
  readonly writers: Writers;
  readonly clock: Clock;
}

/** The loop body for Agents. */
export function createAgentReconciler({ stores, writers, clock }: AgentReconcilerOptions) {
  return async (key: ObjectKey, options: CallOptions): Promise<Requeue> => {
    const input = gatherAgent(key, stores);
    if (input === undefined) return requeueOnChange;
    const status = reportAgent(decideAgent(input), input, formatTimestamp(clock.now()));
    await applyCommands(planAgent(status, input), writers, options);
    return requeueOnChange;
  };
}
