import { describe, expect, it } from "vitest";
import { FakeCluster } from "../testing/fake-cluster.ts";
import { livenessOf, readinessOf, type Vitals } from "./health.ts";

const synced = new FakeCluster();
synced.sync();
const good: Vitals = {
  stores: synced.stores,
  silences: [() => 30_000, () => 5_000],
  eventLoopLagMs: () => 20,
  isStopping: () => false,
};
const empty = new FakeCluster().stores;

describe("alive", () => {
  it.each([
    { name: "when all is well", vitals: good },
    {
      name: "while the caches fill, however long",
      vitals: { ...good, stores: empty, silences: [() => 1e7] },
    },
    { name: "when it is stopping", vitals: { ...good, isStopping: () => true } },
    { name: "when a watch was silent for five minutes", vitals: { ...good, silences: [() => 300_000] } },
  ])("$name", ({ vitals }) => {
    expect(livenessOf(vitals)).toEqual({ isGood: true, faults: [] });
  });

  it.each([
    {
      name: "a watch is dead",
      vitals: { ...good, silences: [() => 1, () => 301_000] },
      fault: "a watch was silent for 301 s",
    },
    {
      name: "the event loop is stuck",
      vitals: { ...good, eventLoopLagMs: () => 6_000.4 },
      fault: "the event loop is 6000 ms late",
    },
  ])("not when $name", ({ vitals, fault }) => {
    expect(livenessOf(vitals)).toEqual({ isGood: false, faults: [fault] });
  });
});

describe("ready", () => {
  it("when the caches are filled", () => {
    expect(readinessOf(good)).toEqual({ isGood: true, faults: [] });
  });

  it("not before, naming what is missing", () => {
    expect(readinessOf({ ...good, stores: empty }).faults).toContain("channels are not mirrored yet");
  });

  it("not when it is stopping", () => {
    expect(readinessOf({ ...good, isStopping: () => true }).faults).toEqual(["the process is stopping"]);
  });
});
