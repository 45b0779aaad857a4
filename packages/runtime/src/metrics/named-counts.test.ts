import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { NamedCounts } from "./named-counts.ts";

function setUp(maxRows?: number) {
  const registry = new Registry();
  const labelNames = ["channel", "agent"] as const;
  const counts = new NamedCounts([registry], { name: "calls_total", help: "Calls", labelNames, maxRows });
  const lines = async (): Promise<readonly string[]> =>
    (await registry.metrics()).split("\n").filter((line) => line.startsWith("calls_total"));
  return { counts, lines };
}

test("has no row before anything is counted", async () => {
  expect(await setUp().lines()).toEqual([]);
});

test("counts each row of labels for itself, however often it is read", async () => {
  const { counts, lines } = setUp();
  counts.add({ channel: "web", agent: "billing" });
  counts.add({ channel: "web", agent: "billing" });
  counts.add({ agent: "billing", channel: "ivr" }, 0.5);
  const told = [
    'calls_total{channel="web",agent="billing"} 2',
    'calls_total{channel="ivr",agent="billing"} 0.5',
  ];
  expect(await lines()).toEqual(told);
  expect(await lines()).toEqual(told);
});

test("tells rows apart whose values only joined are equal", async () => {
  const { counts, lines } = setUp();
  counts.add({ channel: "a", agent: "b,c" });
  counts.add({ channel: "a,b", agent: "c" });
  expect(await lines()).toHaveLength(2);
});

test("counts what is beyond the bound together, and goes on with the rows that it has", async () => {
  const { counts, lines } = setUp(2);
  for (const agent of ["billing", "orders", "roaming", "weather", "billing"])
    counts.add({ channel: "web", agent });
  expect(await lines()).toEqual([
    'calls_total{channel="web",agent="billing"} 2',
    'calls_total{channel="web",agent="orders"} 1',
    'calls_total{channel="other",agent="other"} 2',
  ]);
});

test("a million different names leave no more rows than the bound and one", async () => {
  const { counts, lines } = setUp();
  for (let each = 0; each < 1_000_000; each++) counts.add({ channel: "web", agent: `agent-${each}` });
  expect(await lines()).toHaveLength(10_001);
});

test("escapes what Prometheus' text would take for its own", async () => {
  const { counts, lines } = setUp();
  counts.add({ channel: 'a"b', agent: "c\nd" });
  expect(await lines()).toEqual(['calls_total{channel="a\\"b",agent="c\\nd"} 1']);
});
