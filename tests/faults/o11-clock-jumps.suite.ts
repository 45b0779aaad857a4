/** O11: the wall clock of one replica jumps back and forth and drifts. Leadership, watches and delays do not care. */
import { createController, requeueAfter, runAsLeader } from "@lmos/kube";
import { silentLogger, systemClock, systemRandom } from "@lmos/primitives";
import { countRequests } from "@lmos/testing";
import { expect, it } from "vitest";
import { servers } from "../kubernetes/server.ts";
import { clientFor, directClient, type FaultPath, startFaultPath } from "./harness/access.ts";
import { pause } from "./harness/eventually.ts";
import { report, seconds } from "./harness/figures.ts";
import { createJumpingClock, type JumpingClock } from "./harness/jumping-clock.ts";
import { startStallWatch } from "./harness/stall-watch.ts";
import { installWidgets, makeWorld, uniqueName } from "./harness/widgets-world.ts";
import { createWidgetController } from "./widget-controller/widget-controller.ts";

const requeueMs = 2_000;
const hourMs = 3_600_000;
const jumps = [hourMs, -hourMs, 600_000, 0];

it.concurrent.each(servers)(
  "O11 on the $name API server: jumps of an hour and drift change no leader and no delay",
  async ({ name, start }) => {
    await using server = await start();
    await using path = await startFaultPath(server);
    await using direct = directClient(server);
    await installWidgets(direct);
    const world = await makeWorld(direct, uniqueName("o11"));
    const clock = createJumpingClock();
    using stalls = startStallWatch();
    const seen = await observe(path, world.namespace, clock);
    const flaps = seen.leaders.length - 1;
    const worst = Math.max(...seen.requeues.map((ms) => Math.abs(ms - requeueMs)));
    const lists = countRequests(path.http.history, { verb: "list", resource: "widgets" });
    report({
      row: "O11",
      server: name,
      fault: "wall clock +1 h, -1 h, +10 min, back, then 10 min/s drift, on the leader",
      asked: "<= 1 leadership flap, requeue times sane",
      seen: `${flaps} flaps; ${seen.requeues.length} requeues at most ${seconds(worst)} from ${seconds(requeueMs)}; ${lists} lists`,
      reached: flaps <= 1 && worst <= 1_000,
    });
    expect(flaps).toBeLessThanOrEqual(1);
    expect(worst).toBeLessThanOrEqual(1_000 + stalls.longestMs());
    expect(seen.requeues.length).toBeGreaterThanOrEqual(8);
  },
);

interface Observed {
  /** Who became the leader, in order. */
  readonly leaders: readonly string[];
  /** Milliseconds between two reconciles that asked for {@link requeueMs}. */
  readonly requeues: readonly number[];
}

/** Runs the replica whose clock jumps, which leads first, and one whose clock is right. */
async function observe(path: FaultPath, namespace: string, clock: JumpingClock): Promise<Observed> {
  const stopped = new AbortController();
  const { signal } = stopped;
  const leaders: string[] = [];
  const requeues: number[] = [];
  await using client = clientFor(path.connection);
  const shared = { client, namespace, random: systemRandom, logger: silentLogger };
  const stand = (
    identity: string,
    own: Pick<typeof shared, "random"> & { readonly clock: typeof systemClock },
  ) =>
    runAsLeader(
      { ...shared, ...own, lease: { namespace, name: "o11" }, identity, signal },
      async (leadership) => {
        leaders.push(identity);
        await requeueing({ ...shared, ...own }, requeues, leadership.signal);
      },
    );
  const watching = createWidgetController({ ...shared, clock }).watch({ signal });
  const jumping = stand("jumping", { ...shared, clock });
  await pause(1_500);
  const right = stand("right", { ...shared, clock: systemClock });
  for (const offsetMs of jumps) {
    await pause(5_000);
    clock.jumpTo(offsetMs);
  }
  clock.drift(600_000);
  await pause(5_000);
  stopped.abort();
  await Promise.all([watching, jumping, right]);
  return { leaders, requeues };
}

/** A controller with one key that asks to be called again and again, until aborted. */
async function requeueing(
  runtime: Pick<Parameters<typeof createController>[0], "clock" | "random" | "logger">,
  requeues: number[],
  signal: AbortSignal,
): Promise<void> {
  let lastAt: number | undefined;
  const source = {
    start: (enqueue: (key: { readonly name: string }) => void) => {
      enqueue({ name: "again" });
      return () => undefined;
    },
  };
  const reconcile = async () => {
    const now = performance.now();
    if (lastAt !== undefined) requeues.push(now - lastAt);
    lastAt = now;
    return requeueAfter(requeueMs);
  };
  await createController({ ...runtime, name: "requeueing", sources: [source], synced: [], reconcile }).run({
    signal,
  });
}
