/** Which numbers a bound of the runtime may have: those with which it can still serve, and which timers can count. */
import type { RuntimeLimits } from "./limits.ts";

/** Bounds without which no turn would ever be answered. */
const atLeastOne: ReadonlySet<keyof RuntimeLimits> = new Set([
  ...([
    "maxConcurrentTurns",
    "connectionsPerAddress",
    "socketTurns",
    "unreadBytes",
    "bufferedBytes",
  ] as const),
  ...(["connectMs", "firstResultMs", "betweenResultsMs", "totalMs", "pingAfterMs", "pongWithinMs"] as const),
  ...(["confirmWithinMs", "keepAliveMs", "stalledReaderMs", "modelMs", "embeddingMs"] as const),
]);
/** Node's timers ring at once when they are to wait any longer. */
const maxMs = 2 ** 31 - 1;

/** What is wrong with a bound, and what to give; undefined where it can be used. */
export function faultOfLimit(name: keyof RuntimeLimits, value: number): string | undefined {
  const least = atLeastOne.has(name) ? 1 : 0;
  if (Number.isNaN(value) || value < least) return `limit ${name} is ${value}: give at least ${least}`;
  if (name.endsWith("Ms") && value > maxMs)
    return `limit ${name} is ${value}: give at most ${maxMs}, which is 24 days`;
  return undefined;
}
