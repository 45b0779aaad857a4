/** O22: reconciles that throw, that never settle and that block for long. Everybody else's go on as if nothing were. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import {
  createController,
  createReflector,
  fromStore,
  keyOf,
  type QuarantineChange,
  requeueOnChange,
} from "@lmos/kube";
import { silentLogger, systemClock, systemRandom } from "@lmos/primitives";
import { expect, it } from "vitest";
import { servers } from "../kubernetes/server.ts";
import { directClient } from "./harness/access.ts";
import { eventually, patienceMs } from "./harness/eventually.ts";
import { report, seconds } from "./harness/figures.ts";
import { startLagWatch } from "./harness/lag-watch.ts";
import { installWidgets, makeWorld, uniqueName, type WidgetsWorld } from "./harness/widgets-world.ts";
import { widgets } from "./widget-controller/widget.ts";

const good = Array.from({ length: 50 }, (_, index) => `good-${index}`);
const concurrency = 4;

it.concurrent.each(servers)(
  "O22 on the $name API server: handlers that throw or never settle cost nobody else anything",
  async ({ name, start }) => {
    await using server = await start();
    await using client = directClient(server);
    await installWidgets(client);
    const world = await makeWorld(client, uniqueName("o22"));
    await using elsewhere = startLagWatch();
    await using controller = startController(world);
    const startedAt = performance.now();
    await Promise.all(["hangs-1", "hangs-2", "hangs-3", "throws"].map((each) => write(world, each)));
    await Promise.all(good.map((each) => write(world, each)));
    const writingMs = performance.now() - startedAt;
    const goodMs = await eventually(
      "all good ones are done",
      () => good.every(controller.isDone),
      patienceMs,
    );
    await eventually(
      "those that hang are quarantined",
      () => controller.quarantined.length === 3,
      patienceMs,
    );
    const quarantinedMs = performance.now() - startedAt - writingMs;
    const lagMs = controller.lag.percentile(99) / 1e6;
    const elsewhereMs = await elsewhere.p99Ms();
    report({
      row: "O22",
      server: name,
      fault: `3 handlers never settle, 1 always throws, ${concurrency} workers`,
      asked: "caught per key, watchdog 30 s, quarantined by the breaker, loop lag p99 < 100 ms",
      seen: `${good.length} good ones done ${seconds(goodMs)} after the last was written; quarantined after ${seconds(quarantinedMs)}; thrown ${controller.throws()} times; lag p99 ${lagMs.toFixed(0)} ms (${elsewhereMs.toFixed(0)} ms in an idle thread)`,
      reached: lagMs < elsewhereMs + 100 && quarantinedMs < 45_000,
    });
    expect(quarantinedMs).toBeLessThan(45_000);
    expect(controller.throws()).toBeGreaterThan(1);
    expect(lagMs).toBeLessThan(elsewhereMs + 100);
  },
);

function write(world: WidgetsWorld, name: string): Promise<unknown> {
  return world.write(name, { text: name, parts: [] });
}

/** A controller whose reconcile behaves as the name of the object says. */
function startController({ client, namespace }: WidgetsWorld) {
  const stopped = new AbortController();
  const { signal } = stopped;
  const runtime = { clock: systemClock, random: systemRandom, logger: silentLogger };
  const { store, run } = createReflector({ client, type: widgets, namespace, ...runtime });
  const done = new Set<string>();
  const quarantined: QuarantineChange[] = [];
  const lag = monitorEventLoopDelay({ resolution: 10 });
  let throws = 0;
  lag.enable();
  const controller = createController({
    ...runtime,
    name: "bad-handlers",
    concurrency,
    sources: [fromStore(store, (widget) => [keyOf(widget)])],
    synced: [store],
    onQuarantine: (change) => quarantined.push(change),
    reconcile: async ({ name }) => {
      if (name.startsWith("hangs")) await new Promise(() => undefined);
      if (name.startsWith("throws")) {
        throws += 1;
        throw new Error("injected");
      }
      done.add(name);
      return requeueOnChange;
    },
  });
  const running = Promise.all([run({ signal }), controller.run({ signal })]);
  return {
    quarantined,
    lag,
    isDone: (name: string) => done.has(name),
    throws: () => throws,
    [Symbol.asyncDispose]: async () => {
      lag.disable();
      stopped.abort();
      await running;
    },
  };
}
