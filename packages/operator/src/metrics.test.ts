import { FakeClock } from "@lmos/testing";
import { beforeEach, expect, it } from "vitest";
import { createMetrics, type Metrics, registerInsecurity } from "./metrics.ts";
import { createTelemetry } from "./telemetry.ts";
import { FakeCluster } from "./testing/fake-cluster.ts";
import { channelOf } from "./testing/objects.ts";

const acme = { namespace: "default", name: "acme" };
const routing = { apiVersion: "lmos.eclipse/v1", kind: "ChannelRouting", metadata: acme };
let cluster: FakeCluster;
let clock: FakeClock;
let metrics: Metrics;
let text: () => Promise<string>;

beforeEach(() => {
  cluster = new FakeCluster();
  clock = new FakeClock();
  const { registry } = createTelemetry();
  metrics = createMetrics({ registry, stores: cluster.stores, clock });
  text = () => registry.metrics();
});

it("counts channels by status", async () => {
  cluster.channels.put(channelOf("a", [], { status: { resolveStatus: "RESOLVED" } }));
  cluster.channels.put(channelOf("b", []));
  expect(await text()).toContain('lmos_channels{status="resolved"} 1');
  expect(await text()).toContain('lmos_channels{status="unresolved"} 1');
});

it("times resolutions", async () => {
  metrics.resolved(0.002);
  expect(await text()).toContain('lmos_resolve_duration_seconds_bucket{le="0.005"} 1');
});

it("times from the first event that concerned a channel to its routing being written", async () => {
  metrics.touched(acme);
  await clock.advance(300);
  metrics.touched(acme);
  await clock.advance(100);
  metrics.routed(routing);
  expect(await text()).toContain("lmos_convergence_seconds_sum 0.4");
});

it("does not count the time since an event that asked for no routing", async () => {
  metrics.touched(acme);
  metrics.settled(acme);
  await clock.advance(60_000);
  metrics.touched(acme);
  await clock.advance(50);
  metrics.routed(routing);
  metrics.routed(routing); // a second write, asked for by nothing new
  expect(await text()).toContain("lmos_convergence_seconds_sum 0.05");
  expect(await text()).toContain("lmos_convergence_seconds_count 1");
});

it.each([
  { isOpen: true, value: 1 },
  { isOpen: false, value: 0 },
])("says whether everybody may read: $isOpen", async ({ isOpen, value }) => {
  const { registry } = createTelemetry();
  registerInsecurity(registry, isOpen);
  expect(await registry.metrics()).toContain(`lmos_read_api_open ${value}`);
});

it("has the names of the dashboards, and its own under its own prefix", async () => {
  const names = [
    "controller_runtime_reconcile_total",
    "controller_runtime_reconcile_time_seconds",
    "workqueue_depth",
    "rest_client_requests_total",
    "leader_election_master_status",
    "lmos_watch_last_event_age_seconds",
    "lmos_watch_restarts_total",
    "lmos_controller_quarantined_keys",
  ];
  for (const name of names) expect(await text()).toContain(`# TYPE ${name} `);
});

it("counts what the process uses where it is asked to", async () => {
  const { registry } = createTelemetry({ ofProcess: true });
  const all = await registry.metrics();
  for (const name of ["process_resident_memory_bytes", "nodejs_eventloop_lag_p99_seconds"])
    expect(all).toContain(`# TYPE ${name} gauge`);
});
