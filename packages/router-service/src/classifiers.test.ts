import type { AddressedAgent, Classifier, RoutingMode } from "@lmos/router";
import { FakeClock } from "@lmos/testing";
import { describe, expect, it } from "vitest";
import { createClassifiers, patienceMs, restMs } from "./classifiers.ts";

const { signal } = new AbortController();
const scope = { tenant: "acme", channel: "web", subset: "stable" };
const classifier: Classifier = { classify: () => Promise.reject(new Error("not asked here")) };
const agentOf = (id: string): AddressedAgent => ({
  id,
  name: `${id}-name`,
  address: "",
  description: "",
  capabilities: [],
});

function counting(maxEntries = 10, fail: () => boolean = () => false) {
  const builds: { readonly mode: RoutingMode; readonly names: readonly string[] }[] = [];
  const clock = new FakeClock();
  const classifiers = createClassifiers({
    maxEntries,
    clock,
    signal,
    factory: async (mode, { agents }) => {
      builds.push({ mode, names: agents.map(({ name }) => name) });
      if (fail()) throw new Error("no vectors");
      return classifier;
    },
  });
  const ask = (mode: RoutingMode, ...ids: readonly string[]) =>
    classifiers.classifierFor(mode, { agents: ids.map(agentOf), scope }, { signal });
  return { builds, classifiers, clock, ask };
}

describe("createClassifiers", () => {
  it("builds one for the same agents and mode, also when several ask at once", async () => {
    const { builds, ask } = counting();
    await Promise.all([ask("vector", "a", "b"), ask("vector", "a", "b")]);
    await ask("vector", "a", "b");
    expect(builds).toEqual([{ mode: "vector", names: ["a", "b"] }]);
  });

  it("builds another for other agents or another mode", async () => {
    const { builds, ask } = counting();
    await ask("vector", "a");
    await ask("hybrid", "a");
    await ask("vector", "b");
    expect(builds).toHaveLength(3);
  });

  it("forgets the longest unused", async () => {
    const { builds, classifiers, ask } = counting(2);
    for (const id of ["a", "b", "a", "c", "a", "b"]) await ask("vector", id);
    expect(builds.map(({ names }) => names[0])).toEqual(["a", "b", "c", "b"]);
    expect(classifiers.size).toBe(2);
  });

  it("tries anew after a failure, but not at once", async () => {
    let failing = true;
    const { ask, builds, clock } = counting(2, () => failing);
    await expect(ask("vector", "a")).rejects.toThrow("no vectors");
    failing = false;
    await clock.advance(restMs - 1);
    await expect(ask("vector", "a")).rejects.toThrow("no vectors");
    expect(builds).toHaveLength(1);
    await clock.advance(1);
    await expect(ask("vector", "a")).resolves.toBe(classifier);
  });

  it("lets nobody wait for a build that takes too long, which serves as soon as it is done", async () => {
    const built = Promise.withResolvers<Classifier>();
    const clock = new FakeClock();
    const classifiers = createClassifiers({ maxEntries: 1, clock, signal, factory: () => built.promise });
    const ask = () => classifiers.classifierFor("vector", { agents: [agentOf("a")], scope }, { signal });
    const first = ask();
    await clock.advance(patienceMs);
    await expect(ask()).rejects.toThrow("still being built");
    built.resolve(classifier);
    expect([await first, await ask()]).toEqual([classifier, classifier]);
  });

  it("lets one caller give up without taking it from the others", async () => {
    const built = Promise.withResolvers<Classifier>();
    const classifiers = createClassifiers({
      maxEntries: 1,
      clock: new FakeClock(),
      signal,
      factory: () => built.promise,
    });
    const stop = new AbortController();
    const ask = (callSignal: AbortSignal) =>
      classifiers.classifierFor("vector", { agents: [agentOf("a")], scope }, { signal: callSignal });
    const impatient = ask(stop.signal);
    const patient = ask(signal);
    stop.abort("enough");
    await expect(impatient).rejects.toBe("enough");
    built.resolve(classifier);
    await expect(patient).resolves.toBe(classifier);
  });
});
