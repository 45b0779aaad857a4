import { FakeClock } from "@lmos/testing";
import { expect, it } from "vitest";
import { createMetrics } from "../metrics.ts";
import { FakeCluster } from "../testing/fake-cluster.ts";
import { channelOf } from "../testing/objects.ts";
import { createManagementApi } from "./management.ts";

const cluster = new FakeCluster();
const { signal } = new AbortController();
const metrics = createMetrics({ stores: cluster.stores, clock: new FakeClock() });

function manage(isReady: boolean) {
  return createManagementApi({ registry: metrics.registry, isReady: () => isReady });
}

it.each([
  { path: "/livez", ready: 200, unready: 200 },
  { path: "/health/liveness", ready: 200, unready: 200 },
  { path: "/readyz", ready: 200, unready: 503 },
  { path: "/health/readiness", ready: 200, unready: 503 },
  { path: "/health", ready: 200, unready: 503 },
])("$path says whether the operator lives or can answer", async ({ path, ready, unready }) => {
  expect((await manage(true).inject(path)).statusCode).toBe(ready);
  expect((await manage(false).inject(path)).statusCode).toBe(unready);
});

it("counts reconciles by controller and result, and channels by status", async () => {
  cluster.channels.put(channelOf("a", [], { status: { resolveStatus: "RESOLVED" } }));
  cluster.channels.put(channelOf("b", []));
  const reconcile = metrics.measure("channel", async () => ({ kind: "onChange" }));
  const failing = metrics.measure("channel", () => Promise.reject(new Error("no")));
  await reconcile({ name: "a" }, { signal });
  await expect(failing({ name: "a" }, { signal })).rejects.toThrow("no");
  const { body } = await manage(true).inject("/metrics");
  expect(body).toContain('controller_runtime_reconcile_total{controller="channel",result="success"} 1');
  expect(body).toContain('controller_runtime_reconcile_total{controller="channel",result="error"} 1');
  expect(body).toContain('controller_runtime_reconcile_time_seconds_count{controller="channel"} 2');
  expect(body).toContain('lmos_channels{status="resolved"} 1');
  expect(body).toContain('lmos_channels{status="unresolved"} 1');
});
