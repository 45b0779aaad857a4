/** Brings the routing and the status of one Channel in line with the Agents there are. */
import { requeueOnChange } from "@lmos/kube";
import { type Clock, formatTimestamp } from "@lmos/primitives";
import { applyCommands, type Writers } from "../apply.ts";
import type { Reconcile } from "../reconcile.ts";
import type { Stores } from "../stores.ts";
import { decideChannel } from "./decide.ts";
import { gatherChannel } from "./gather.ts";
import { planChannel } from "./plan.ts";
import { reportChannel } from "./report.ts";

/** What a reconcile of a Channel works with. */
export interface ChannelReconcilerOptions {
  readonly stores: Stores;
  readonly writers: Writers;
  readonly clock: Clock;
}

/** The loop body for Channels. A Channel that is gone needs nothing: its routing goes with it (owner reference). */
export function createChannelReconciler({ stores, writers, clock }: ChannelReconcilerOptions): Reconcile {
  return async (key, options) => {
    const input = gatherChannel(key, stores);
    if (input === undefined) return requeueOnChange;
    const decision = decideChannel(input);
    const status = reportChannel(decision, input, formatTimestamp(clock.now()));
    await applyCommands(planChannel(decision, status, input), writers, options);
    return requeueOnChange;
  };
}
