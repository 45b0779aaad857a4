import { Registry, register } from "prom-client";
import { describe, expect, it } from "vitest";
import { createKubeMetrics } from "./metrics.ts";
import { metricValue } from "./testing/metric-value.ts";

/** What controller-runtime and client-go call them, and ours. */
const names = [
  "controller_quarantined_keys",
  "controller_runtime_active_workers",
  "controller_runtime_reconcile_time_seconds",
  "controller_runtime_reconcile_total",
  "leader_election_master_status",
  "rest_client_requests_total",
  "watch_last_event_age_seconds",
  "watch_restarts_total",
  "workqueue_adds_total",
  "workqueue_depth",
  "workqueue_queue_duration_seconds",
  "workqueue_retries_total",
  "workqueue_work_duration_seconds",
];

describe("metrics", () => {
  it("have the names that dashboards know, in the registry that was given and in no other", async () => {
    const registry = new Registry();
    createKubeMetrics(registry);
    const registered = (await registry.getMetricsAsJSON()).map(({ name }) => name);
    expect(registered.sort()).toEqual(names);
    expect(await register.getMetricsAsJSON()).toEqual([]);
    createKubeMetrics(new Registry());
  });

  it("tell the age of the stalest watch of a resource, for as long as it runs", async () => {
    const registry = new Registry();
    const metrics = createKubeMetrics(registry);
    const age = () => metricValue(registry, "watch_last_event_age_seconds", { resource: "widgets" });
    const forget = metrics.watching("widgets", () => 9_000);
    metrics.watching("widgets", () => 4_000);
    metrics.watching("gadgets", () => 99_000);
    expect(await age()).toBe(9);
    forget();
    expect(await age()).toBe(4);
  });

  it("tell who leads", async () => {
    const registry = new Registry();
    const metrics = createKubeMetrics(registry);
    const status = () => metricValue(registry, "leader_election_master_status", { name: "home/test" });
    metrics.leading("home/test", true);
    expect(await status()).toBe(1);
    metrics.leading("home/test", false);
    expect(await status()).toBe(0);
  });
});
