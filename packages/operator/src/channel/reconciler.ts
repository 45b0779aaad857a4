/** Brings the routing of one Channel in line with the Agents there are, and says what its status is to be. */
import { type Requeue, requeueAfter, requeueOnChange } from "@lmos/kube";
import { type Clock, formatTimestamp, jsonEqual } from "@lmos/primitives";
import type { Channel, ChannelStatus, GrantsMode } from "@lmos/resources";
import { applyCommands, type Writers } from "../apply.ts";
import type { Reconcile } from "../reconcile.ts";
import { reconcileRouting } from "../routing/reconcile.ts";
import { Settling } from "../settling.ts";
import type { Stores } from "../stores.ts";
import { decideChannel } from "./decide.ts";
import type { ChannelDecision } from "./decision.ts";
import { desiredRouting } from "./desired-routing.ts";
import { type ChannelInput, gatherChannel } from "./gather.ts";
import { patienceFor } from "./patience.ts";
import { planChannel } from "./plan.ts";
import { untilPassedOver } from "./readiness.ts";
import { reportChannel } from "./report.ts";
import { type Statuses, writtenAtOnce } from "./statuses.ts";

/** What a reconcile of a Channel works with. */
export interface ChannelReconcilerOptions {
  readonly stores: Stores;
  readonly writers: Writers;
  /** Where statuses wait for their turn; they are written in the same turn as the routing unless given. */
  readonly statuses?: Statuses | undefined;
  readonly clock: Clock;
  /** How much Tenants and CapabilityGrants count; not at all unless given. */
  readonly grants?: GrantsMode | undefined;
  /** Told how many seconds each resolution took. */
  readonly onResolved?: ((seconds: number) => void) | undefined;
}

/**
 * The loop body for Channels. The routing is brought about first and the status is written after it, so that a status
 * never claims what the routing does not hold yet: two writes a change at most. A Channel that is gone needs nothing: its
 * routing goes with it (owner reference).
 */
export function createChannelReconciler(reconciling: ChannelReconcilerOptions): Reconcile {
  const { stores, writers, clock, grants = "off", onResolved } = reconciling;
  const { statuses = writtenAtOnce(writers) } = reconciling;
  const settling = new Settling(clock);
  return async (key, options) => {
    const gathered = gatherChannel(key, stores, { nowMs: clock.now(), mode: grants });
    if (gathered === undefined) {
      settling.forget(key);
      statuses.forget(key);
      return requeueOnChange;
    }
    const input = { ...gathered, channel: withStatus(gathered.channel, statuses.decided(gathered.channel)) };
    const startedAtMs = clock.monotonic();
    const decision = decideChannel(input);
    onResolved?.((clock.monotonic() - startedAtMs) / 1_000);
    const status = reportChannel(decision, input, formatTimestamp(clock.now()));
    const patience = isNews(status, input) ? patienceFor(decision, status, input) : undefined;
    const waitMs = patience === undefined ? 0 : settling.remaining(key, outcomeOf(decision), patience);
    if (waitMs > 0) return requeueAfter(waitMs);
    statuses.hold(gathered.channel);
    if (mayTakeAway(decision)) await statuses.whenWritten(gathered.channel, options);
    await reconcileRouting(desiredRouting(decision, input), input, { writers, ...options });
    const plan = planChannel(decision, status, input);
    await statuses.put(gathered.channel, { status, command: plan.status }, options);
    await applyCommands(plan.events, writers, options);
    settling.forget(key);
    return untilReadinessCounts(input);
  };
}

/** The Channel with the status that was decided last, where that is not written yet: nothing is decided or told twice. */
function withStatus(channel: Channel, decided: ChannelStatus | undefined): Channel {
  return decided === undefined ? channel : { ...channel, status: decided };
}

/** Whether the routing may lose what a status before this one claims. What has all that is asked for never does. */
function mayTakeAway(decision: ChannelDecision): boolean {
  return decision.kind !== "activate" || decision.unmet.length > 0;
}

/** What is written without a change of the status is a repair: nothing to wait for. */
function isNews(status: ChannelStatus, { channel }: ChannelInput): boolean {
  return !jsonEqual(status, channel.status);
}

/** Equal for decisions that would write the same wires. */
function outcomeOf(decision: ChannelDecision): string {
  if (decision.kind === "mislabelled") return decision.kind;
  if (decision.kind === "withhold") return JSON.stringify([decision.kind, decision.remaining]);
  const wires = decision.wires.map(({ requirement, provider, capability }) => {
    return [requirement.name, requirement.range, provider.name, capability.version];
  });
  return JSON.stringify([decision.kind, wires]);
}

/** An agent that stays not ready is passed over in a while, without any object changing then. */
function untilReadinessCounts({ agents, nowMs }: ChannelInput): Requeue {
  const waits = agents.flatMap((agent) => untilPassedOver(agent, nowMs) ?? []).filter((ms) => ms > 0);
  return waits.length === 0 ? requeueOnChange : requeueAfter(Math.min(...waits));
}
