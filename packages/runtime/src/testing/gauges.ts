/** Gauges that stand still. */
import type { Gauges } from "../metrics/gauges.ts";

/** Each has a value of its own, so that none is taken for another. */
export const stillGauges: Gauges = {
  activeTurns: () => 3,
  waitingTurns: () => 2,
  turnLimit: () => 64,
  routings: () => 5,
  routingsAgeMs: () => 1_500,
  refusedRoutings: () => 1,
  ungrantedWires: () => 6,
  embeddingChanges: () => 2,
  embeddingChanging: () => true,
  conversations: () => 9,
  idleSockets: () => 4,
  restingEndpoints: () => 0,
  isWhole: () => true,
  partFailures: () => ({ feed: 3 }),
  stateUp: () => true,
  stateFailures: () => ({ read: 7 }),
};
