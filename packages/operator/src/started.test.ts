import { FakeClock } from "@lmos/testing";
import { expect, it } from "vitest";
import { whenStarted } from "./started.ts";
import { FakeCluster } from "./testing/fake-cluster.ts";

const { signal } = new AbortController();

it("is ten seconds after the last store has synced", async () => {
  const clock = new FakeClock();
  const cluster = new FakeCluster();
  let isOver = false;
  const waiting = whenStarted(Object.values(cluster.stores), { clock, signal }).then(() => {
    isOver = true;
  });
  await clock.advance(60_000);
  expect(isOver).toBe(false);
  cluster.sync();
  await clock.advance(9_999);
  expect(isOver).toBe(false);
  await clock.advance(1);
  await waiting;
  expect(isOver).toBe(true);
});

it.each([
  { name: "before the stores have synced", synced: false },
  { name: "after that", synced: true },
])("never comes for one that is stopped $name", async ({ synced }) => {
  const clock = new FakeClock();
  const cluster = new FakeCluster();
  if (synced) cluster.sync();
  const stop = new AbortController();
  const waiting = whenStarted(Object.values(cluster.stores), { clock, signal: stop.signal });
  await clock.advance(0);
  stop.abort(new Error("over"));
  await expect(waiting).rejects.toThrow("over");
  expect(clock.sleeping).toBe(0);
});
