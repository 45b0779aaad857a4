/**
 * When the readiness of an agent counts for wiring. It counts as ready for 30 s after it stopped being so, so that a
 * process that restarts moves no conversation, and as not ready while it flaps.
 */
import { type Agent, conditionOf } from "@lmos/resources";

/** How long an agent that is not ready keeps its wires although others are ready. */
export const unreadyGraceMs = 30_000;

/** True where an agent that is ready is to be preferred to this one. */
export function isPassedOver(agent: Agent, nowMs: number): boolean {
  return isFlapping(agent) || untilPassedOver(agent, nowMs) === 0;
}

/** Milliseconds until the agent is passed over if it stays as it is; undefined where it will not be. */
export function untilPassedOver(agent: Agent, nowMs: number): number | undefined {
  const ready = conditionOf(agent.status?.conditions, "Ready");
  if (ready?.status !== "False") return undefined;
  return Math.max(0, Date.parse(ready.lastTransitionTime) + unreadyGraceMs - nowMs);
}

function isFlapping({ status }: Agent): boolean {
  return conditionOf(status?.conditions, "Flapping")?.status === "True";
}
