/** Metrics that nobody reads. */
import type { TurnMetrics } from "../metrics/turn-metrics.ts";

/** Counts nothing. */
export const silentMetrics: TurnMetrics = {
  turnEnded: () => undefined,
  callEnded: () => undefined,
  notesDropped: () => undefined,
};
