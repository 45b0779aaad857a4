/** The read API of real replicas: as fast on a standby as on the leader, and a watch that goes on with another replica. */
import { expect, it } from "vitest";
import { directClient } from "../faults/harness/access.ts";
import { eventually, pause } from "../faults/harness/eventually.ts";
import { type Replica, startReplica } from "./operations/replica.ts";
import { installKinds, makeScene } from "./operations/scene.ts";
import { testServers } from "./operations/test-servers.ts";
import { watchEvents } from "./operations/watch-events.ts";

const path = "/apis/v1/tenants/acme/channels/web/routing";
const rounds = 5;
const perRound = 300;
/** What a request that does nothing takes at most (p99) on a machine that has nothing else to do. */
const quietMs = 2;
/** Below the rate that one address may ask at. */
const pauseMs = 11;

it.each(testServers)(
  "on the $name API server a standby answers a routing from its caches, as fast as anything (p99 < 5 ms)",
  async (each) => {
    await using stack = new AsyncDisposableStack();
    const server = stack.use(await each.start());
    const client = stack.use(directClient(server));
    await installKinds(client);
    const scene = await makeScene(client, "read");
    const leader = stack.use(await startReplica(server, scene.namespace));
    await leader.whenLeading();
    await scene.untilRouted("first", 20_000);
    const standby = stack.use(await startReplica(server, scene.namespace));
    await ready(standby);
    const { api, management } = await standby.operator.addresses();
    const headers = { "x-namespace": scene.namespace };
    const routed: number[] = [];
    const medians: number[] = [];
    const bare: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const [routing, nothing]: [number[], number[]] = [[], []];
      for (let count = 0; count < perRound; count++) {
        nothing.push(await timed(`${management}/info`, {}));
        routing.push(await timed(`${api}${path}`, headers));
        await pause(pauseMs);
      }
      routed.push(percentile(routing, 0.99));
      medians.push(percentile(routing, 0.5));
      bare.push(percentile(nothing, 0.99));
    }
    report(each.name, "GET routing on a standby, p99", routed);
    report(each.name, "GET routing on a standby, median", medians);
    report(each.name, "at the same moments, a GET that does nothing, p99", bare);
    const requests = standby.proxy.history.filter(
      (entry) =>
        entry.kind === "request" && entry.request.verb === "get" && entry.request.resource !== "leases",
    );
    expect(requests).toEqual([]); // from the caches
    expect(Math.min(...medians)).toBeLessThan(5);
    // Where even a request that does nothing takes long, the 99th percentile is the machine's and not the API's.
    const isQuiet = Math.min(...bare) < quietMs;
    if (isQuiet) expect(Math.min(...routed)).toBeLessThan(5);
  },
);

it.each(testServers)(
  "on the $name API server a watch goes on with another replica where it ended",
  async (each) => {
    await using stack = new AsyncDisposableStack();
    const server = stack.use(await each.start());
    const client = stack.use(directClient(server));
    await installKinds(client);
    const scene = await makeScene(client, "watch");
    const first = stack.use(await startReplica(server, scene.namespace));
    const second = stack.use(await startReplica(server, scene.namespace));
    await ready(first); // a watch is refused by a replica that does not know its objects yet
    await ready(second);
    await scene.untilRouted("first", 20_000);
    const headers = { "x-namespace": scene.namespace };
    const seen = watchEvents(`${(await first.operator.addresses()).api}${path}?watch=true`, headers);
    await eventually("the watch has begun", () => seen.events.some(({ name }) => name === "synced"), 10_000);
    await scene.describeAgent("second");
    await eventually("the change is seen", () => seen.says("second"), 10_000);
    first.operator.signal("SIGKILL");
    const { lastId } = seen;
    await scene.describeAgent("third");
    await scene.untilRouted("third", 30_000);
    const again = watchEvents(`${(await second.operator.addresses()).api}${path}?watch=true`, {
      ...headers,
      "last-event-id": lastId,
    });
    stack.defer(() => again.stop());
    await eventually("what was missed is seen", () => again.says("third"), 10_000);
    expect(again.events.map(({ name }) => name)).not.toContain("reset");
  },
);

async function timed(url: string, headers: Readonly<Record<string, string>>): Promise<number> {
  const startedAt = performance.now();
  const answer = await fetch(url, { headers });
  await answer.text();
  expect(answer.status).toBe(200);
  return performance.now() - startedAt;
}

function percentile(times: readonly number[], share: number): number {
  return times.toSorted((left, right) => left - right)[Math.floor(times.length * share)] ?? 0;
}

function report(server: string, what: string, p99s: readonly number[]): void {
  const all = p99s.map((ms) => ms.toFixed(1)).join(", ");
  process.stdout.write(`${server}: ${what}: ${all} ms in ${rounds} rounds of ${perRound} (asked < 5 ms)\n`);
}

async function ready({ operator }: Replica): Promise<void> {
  const { management } = await operator.addresses();
  await eventually("the replica is ready", async () => (await fetch(`${management}/readyz`)).ok, 20_000);
}
