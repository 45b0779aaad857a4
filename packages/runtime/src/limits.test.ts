/** What rows D1 to D22 promise without any setting: their figures, held against the defaults. */
import { defaultFrameLimits } from "@lmos/protocol";
import { expect, test } from "vitest";
import { maxFailuresInARow, recentTurns, restMs } from "./agents/endpoint-health.ts";
import { defaultLimits, provenUserQuotas } from "./limits.ts";

const second = 1000;

test.each([
  { row: "D1", what: "failures in a row that open a breaker", is: maxFailuresInARow, asked: 5 },
  { row: "D1", what: "turns of which half have to fail to open it", is: recentTurns, asked: 20 },
  { row: "D1", what: "milliseconds between two probes", is: restMs, asked: 5 * second },
  {
    row: "D2",
    what: "milliseconds to the first result",
    is: defaultLimits.firstResultMs,
    asked: 30 * second,
  },
  { row: "D2", what: "milliseconds between results", is: defaultLimits.betweenResultsMs, asked: 15 * second },
  { row: "D2", what: "milliseconds of an answer", is: defaultLimits.totalMs, asked: 120 * second },
  { row: "D2", what: "milliseconds between comments", is: defaultLimits.keepAliveMs, asked: 10 * second },
  {
    row: "D3",
    what: "milliseconds of silence before a ping",
    is: defaultLimits.pingAfterMs,
    asked: 10 * second,
  },
  { row: "D3", what: "milliseconds for a pong", is: defaultLimits.pongWithinMs, asked: 5 * second },
  { row: "D5", what: "bytes of a frame", is: defaultFrameLimits.frameBytes, asked: 256 * 1024 },
  { row: "D5", what: "bytes of a turn", is: defaultFrameLimits.turnBytes, asked: 4 * 1024 * 1024 },
  { row: "D5", what: "depth of a frame", is: defaultFrameLimits.depth, asked: 32 },
  {
    row: "D13",
    what: "milliseconds for a reader that stalls",
    is: defaultLimits.stalledReaderMs,
    asked: 30 * second,
  },
])("$row $what: $asked", ({ is, asked }) => {
  expect(is).toBe(asked);
});

test.each([
  { row: "D8", what: "milliseconds for a language model", is: defaultLimits.modelMs, most: 1.5 * second },
  {
    row: "D10",
    what: "milliseconds for a service of vectors",
    is: defaultLimits.embeddingMs,
    most: 1.5 * second,
  },
  { row: "D11", what: "milliseconds in the queue before 503", is: defaultLimits.queueMs, most: 20 },
  { row: "D13", what: "bytes that wait for a reader", is: defaultLimits.bufferedBytes, most: 64 * 1024 },
  {
    row: "D13",
    what: "bytes that wait before an agent's socket is read",
    is: defaultLimits.unreadBytes,
    most: 64 * 1024,
  },
  { row: "D16", what: "milliseconds of a drain", is: defaultLimits.drainMs, most: 30 * second },
])("$row $what: $most at most", ({ is, most }) => {
  expect(is).toBeGreaterThan(0);
  expect(is).toBeLessThanOrEqual(most);
});

test("D12 S12 users who prove who they are have quotas without any setting", () => {
  for (const quota of ["userTurnsPerSecond", "userTurns", "tenantTurns"] as const)
    expect(provenUserQuotas[quota]).toBeLessThan(Number.POSITIVE_INFINITY);
});
