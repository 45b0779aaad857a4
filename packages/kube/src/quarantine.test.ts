import { FakeClock } from "@lmos/testing";
import { Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import { defaultBreakerPolicy } from "./breaker.ts";
import type { Lane } from "./lanes.ts";
import { createKubeMetrics } from "./metrics.ts";
import { createQuarantine, type QuarantineChange } from "./quarantine.ts";
import { metricValue } from "./testing/metric-value.ts";
import { RecordingLogger } from "./testing/recording-logger.ts";

const key = "home/a";

function start() {
  const clock = new FakeClock();
  const logger = new RecordingLogger();
  const registry = new Registry();
  const changes: QuarantineChange[] = [];
  const quarantine = createQuarantine({
    name: "test",
    policy: { ...defaultBreakerPolicy, burst: 3 },
    clock,
    logger,
    metrics: createKubeMetrics(registry),
    onQuarantine: (change) => changes.push(change),
  });
  const judge = (lane: Lane) => quarantine.judge({ key, lane });
  const quarantined = () => metricValue(registry, "controller_quarantined_keys", { controller: "test" });
  return { clock, logger, changes, quarantine, judge, quarantined };
}

describe("a quarantine", () => {
  it.each(["edit", "dependant"] as const)("counts what comes from outside: %s", (lane) => {
    const { judge } = start();
    const verdicts = Array.from({ length: 4 }, () => judge(lane).reconcile);
    expect(verdicts).toEqual([true, true, true, false]);
  });

  it.each(["retry", "resync"] as const)("does not count what comes from within: %s", (lane) => {
    const { judge } = start();
    for (let time = 0; time < 20; time++) expect(judge(lane)).toEqual({ reconcile: true });
  });

  it("tells its owner, the log and the metrics of both ends", async () => {
    const { clock, logger, changes, judge, quarantined } = start();
    for (let time = 0; time < 4; time++) judge("edit");
    expect(await quarantined()).toBe(1);
    await clock.advance(300_000);
    expect(judge("retry")).toEqual({ reconcile: true });
    const name = { namespace: "home", name: "a" };
    expect(changes).toEqual([
      { key: name, kind: "quarantined", reason: "tooOften" },
      { key: name, kind: "released" },
    ]);
    expect(logger.lines.map(({ message }) => message)).toEqual([
      "key is quarantined",
      "key is no longer quarantined",
    ]);
    expect(await quarantined()).toBe(0);
  });

  it("says when to look again: at rest, and when it is over", async () => {
    const { clock, judge } = start();
    for (let time = 0; time < 3; time++) judge("edit");
    expect(judge("edit")).toEqual({ reconcile: false, againInMs: 2_000 });
    await clock.advance(1_500);
    expect(judge("edit")).toEqual({ reconcile: false, againInMs: 2_000 });
    await clock.advance(500);
    expect(judge("retry")).toEqual({ reconcile: false, againInMs: 1_500 });
    await clock.advance(1_500);
    expect(judge("retry")).toEqual({ reconcile: true, againInMs: 300_000 - 3_500 });
  });

  it("tries a key again soon where the server failed the last try", async () => {
    const { clock, judge, quarantine } = start();
    for (let time = 0; time < 4; time++) judge("edit");
    await clock.advance(2_000);
    expect(judge("retry").reconcile).toBe(true);
    quarantine.excuse(key, 250);
    expect(judge("retry")).toEqual({ reconcile: false, againInMs: 250 });
    await clock.advance(250);
    expect(judge("retry").reconcile).toBe(true);
  });

  it("takes a stuck key once, for its own reason", () => {
    const { changes, quarantine } = start();
    quarantine.stuck(key);
    quarantine.stuck(key);
    expect(changes).toMatchObject([{ kind: "quarantined", reason: "stuck" }]);
  });

  it("forgets a key whose object is gone, and says so only where it was in", () => {
    const { changes, judge, quarantine } = start();
    quarantine.release(key);
    expect(changes).toEqual([]);
    for (let time = 0; time < 4; time++) judge("edit");
    quarantine.release(key);
    expect(changes.map(({ kind }) => kind)).toEqual(["quarantined", "released"]);
    expect(judge("edit")).toEqual({ reconcile: true });
  });
});
