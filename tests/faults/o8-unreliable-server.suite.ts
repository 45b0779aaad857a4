/** O8: for two minutes three of ten requests fail in one way or another, also after the server has done what was asked. */
import { countRequests, type FaultRule, type HistoryEntry, summarizeWrites } from "@lmos/testing";
import { expect, it } from "vitest";
import { servers } from "../kubernetes/server.ts";
import { directClient } from "./harness/access.ts";
import { pause } from "./harness/eventually.ts";
import { report, seconds } from "./harness/figures.ts";
import { type Replica, startReplica } from "./harness/replica.ts";
import { startStallWatch } from "./harness/stall-watch.ts";
import { installWidgets, makeWorld, uniqueName, type WidgetsWorld } from "./harness/widgets-world.ts";

const forMs = 120_000;
const seed = 20_261_121;
/** Ten requests at once, then ten a second: what the controller asks for without a limit is more at times. */
const rateLimit = { burst: 10, refillMs: 100 };

/** Together three of ten. */
const rules: readonly FaultRule[] = [
  share(0.06, { kind: "status", status: 429, retryAfterSeconds: 1 }),
  share(0.05, { kind: "status", status: 500 }),
  share(0.05, { kind: "status", status: 503 }),
  share(0.04, { kind: "status", status: 504 }),
  share(0.03, { kind: "status", status: 409 }),
  share(0.04, { kind: "reset" }),
  share(0.05, { kind: "loseAnswer" }),
  share(0.03, { kind: "delay", ms: 2_000 }),
];

it.concurrent.each(servers)(
  "O8 on the $name API server: 30 % mixed errors for two minutes, nothing made twice, the lease is kept",
  async ({ name, start }) => {
    await using server = await start();
    await using client = directClient(server);
    await installWidgets(client);
    const world = await makeWorld(client, uniqueName("o8"));
    await edit(world, 0);
    await using replica = await startReplica(server, world, "only", { rateLimit });
    const leadingMs = await replica.whenLeading();
    await world.converged();
    using stalls = startStallWatch();
    replica.proxy.setRules(rules, seed);
    const sinceMs = replica.proxy.nowMs;
    for (let turn = 1; replica.proxy.nowMs < sinceMs + forMs; turn += 1) {
      await edit(world, turn);
      await pause(1_000);
    }
    const share = struckShare(replica, sinceMs);
    replica.proxy.setRules([]);
    const convergedMs = await world.converged();
    const twice = madeTwice(replica.proxy.history);
    const early = tooEarly(replica.proxy.history);
    const leaderships = replica.terms().length;
    const busiest = busiestSpan(replica.proxy.history);
    const allowed = rateLimit.burst + spanMs / rateLimit.refillMs;
    report({
      row: "O8",
      server: name,
      fault: `30 % mixed errors for ${forMs / 1000} s, seed ${seed}`,
      asked: "0 duplicates, Retry-After honoured, leader keeps its lease, rate as configured, never gives up",
      seen: `${(share * 100).toFixed(0)} % failed; ${twice.length} duplicates; converged ${seconds(convergedMs)} after the end; ${early} requests before Retry-After was over; ${leaderships} leadership(s); at most ${busiest} requests in ${spanMs / 1000} s (allowed: ${allowed})`,
      reached:
        twice.length === 0 &&
        early === 0 &&
        leaderships === 1 &&
        convergedMs <= 60_000 &&
        busiest <= allowed + 2,
    });
    expect(twice).toEqual([]);
    expect(early).toBe(0);
    expect(leaderships).toBeLessThanOrEqual(2); // a machine busy with other suites may cost one: the report says so
    expect(convergedMs).toBeLessThanOrEqual(60_000 + leadingMs);
    // What was held up comes in a bunch: on the way, or before this process looked.
    const heldUp = rateLimit.burst + stalls.longestMs() / rateLimit.refillMs;
    expect(busiest).toBeLessThanOrEqual(allowed + heldUp);
    expect(countRequests(replica.proxy.history, { verb: "list", resource: "widgets" })).toBeGreaterThan(0);
  },
  400_000,
);

/** Parts come and go. */
async function edit(world: WidgetsWorld, turn: number): Promise<void> {
  const parts = turn % 2 === 0 ? ["a", "b"] : ["b", "c"];
  await Promise.all(["u", "v", "w"].map((each) => world.write(each, { text: String(turn), parts })));
}

function share(part: number, fault: FaultRule["fault"]): FaultRule {
  return { match: {}, occasion: { kind: "share", share: part }, fault };
}

function struckShare({ proxy }: Replica, sinceMs: number): number {
  const asked = proxy.history.filter((entry) => entry.kind === "request" && entry.atMs >= sinceMs);
  return asked.filter((entry) => entry.kind === "request" && entry.fault !== undefined).length / asked.length;
}

/** What was created more often than it was deleted, and still once more. */
function madeTwice(history: readonly HistoryEntry[]): readonly string[] {
  const summary = summarizeWrites(history);
  return Object.entries(summary)
    .filter(([key]) => key.startsWith("create configmaps "))
    .filter(([key, count]) => count > 1 + (summary[key.replace("create ", "delete ")] ?? 0))
    .map(([key]) => key);
}

/** Requests about one object or collection that were repeated before the second that was asked for was over. */
function tooEarly(history: readonly HistoryEntry[]): number {
  const requests = history.flatMap((entry) => (entry.kind === "request" ? [entry] : []));
  return requests.filter(({ atMs, request, fault }, index) => {
    if (fault?.kind !== "status" || fault.retryAfterSeconds === undefined) return false;
    if (request.verb === "create") return false; // the next one may be about another object
    const next = requests.slice(index + 1).find((each) => isSame(each.request, request));
    return next !== undefined && next.atMs - atMs < fault.retryAfterSeconds * 1000;
  }).length;
}

function isSame(one: { verb: unknown; path: string }, other: { verb: unknown; path: string }): boolean {
  return one.verb === other.verb && one.path === other.path;
}

const spanMs = 10_000;

/** The most requests in any ten seconds (one or two may have been on their way for longer), without those for the lease, which has a client of its own. */
function busiestSpan(history: readonly HistoryEntry[]): number {
  const times = history.flatMap((entry) =>
    entry.kind === "request" && entry.request.resource !== "leases" ? [entry.atMs] : [],
  );
  const from = (atMs: number) => times.filter((each) => each >= atMs && each < atMs + spanMs).length;
  return Math.max(...times.map(from));
}
