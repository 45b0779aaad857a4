/** Channels whose model of vectors is a service's, and changes. */
import { createChangingService, loadStaticModel } from "@lmos/embeddings";
import type { Classifier } from "@lmos/router";
import { FakeClock, SeededRandom } from "@lmos/testing";
import { describe, expect, test } from "vitest";
import { defaultLimits } from "../limits.ts";
import { type LogLine, recordingLogger } from "../testing/recording-logger.ts";
import { createClassifierFactory } from "./channel-classifier.ts";
import { createIndexGenerations } from "./index-generation.ts";
import type { RoutedAgent } from "./snapshot.ts";

const { signal } = new AbortController();
const identity = { tenant: "acme", channel: "web", subset: "stable" };
const builtIn = await loadStaticModel({ signal });

const agent = (name: string, description: string, ...examples: readonly string[]): RoutedAgent => ({
  ...{ id: name, name, version: "1.0.0", description, host: name },
  capabilities: [{ id: "", name: `${name}-c`, version: "1.0.0", description, examples }],
});
const shop = [
  agent("orders", "Tracks parcels", "where is my order", "track my parcel", "when does it arrive"),
  agent("network", "Mends internet", "internet is down", "wifi drops", "slow internet"),
];
const vets = [
  agent("cats", "Minds cats", "feed my cat", "the cat is ill", "brush the cat"),
  agent("dogs", "Minds dogs", "walk my dog", "the dog is ill", "the dog barks"),
];
/** A channel of so many examples that it has no room beside another one at the start. */
const large = Array.from({ length: 6 }, (_agent, i) =>
  agent(
    `agent-${i}`,
    `Does thing ${i}`,
    ...Array.from({ length: 90 }, (_text, j) => `errand ${i} in way ${j}`),
  ),
);
const messages = ["where is my parcel", "my wifi is slow", "walk the dog", "what is the capital of France"];

/** A runtime's part of it: classifiers over a service that serves model 0. */
function startWorld() {
  const service = createChangingService(builtIn);
  const clock = new FakeClock();
  const lines: LogLine[] = [];
  const shared = {
    limits: defaultLimits,
    clock,
    random: new SeededRandom(1),
    logger: recordingLogger(lines),
  };
  const generations = createIndexGenerations({ ...shared, embedding: service.model() });
  const create = createClassifierFactory({ ...shared, generations, signal });
  const stop = new AbortController();
  const running = generations.run({ signal: stop.signal });
  return {
    ...{ service, clock, lines, generations },
    channel: (agents: readonly RoutedAgent[]) =>
      create({ identity, agents, settings: {} }, { previous: undefined, onInterim: () => undefined, signal }),
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await running;
    },
  };
}

const ask = (classifier: Classifier, message: string) =>
  classifier.classify({ message, history: [] }, { signal });

/** What is decided about all messages, to the sixth digit: sums in another order differ beyond. */
async function decisions(classifier: Classifier): Promise<readonly string[]> {
  const all = await Promise.all(messages.map((message) => ask(classifier, message)));
  return all.map((decision) =>
    JSON.stringify(decision, (_key, value) => (typeof value === "number" ? value.toFixed(4) : value)),
  );
}

/** Lets what is built be built: it gives way to others again and again. */
async function served(world: ReturnType<typeof startWorld>, model: number): Promise<void> {
  await expect.poll(() => world.generations.current.embedding.id).toBe(`service:${model}`);
}

describe("channels of a service whose model changes", () => {
  test("are decided by the new model's indexes alone, as they were by the old one's", async () => {
    await using world = startWorld();
    const classifier = await world.channel(shop);
    const before = await decisions(classifier);
    world.service.serves = 1;
    await expect(ask(classifier, "where is my parcel")).rejects.toThrow("it serves another model");
    await served(world, 1);
    expect(await decisions(classifier)).toEqual(before);
    expect(world.lines.filter(({ level }) => level !== "debug").map(({ message }) => message)).toEqual([
      "The model of vectors has changed: a successor is prepared",
      "A model of vectors has taken over",
    ]);
  });

  test("are decided by the old model as long as its vectors come, while indexes are built beside", async () => {
    await using world = startWorld();
    const classifier = await world.channel(shop);
    const before = await decisions(classifier);
    const building = Promise.withResolvers<void>();
    world.service.meanwhile = (texts) => (texts.length > 1 ? building.promise : Promise.resolve());
    world.service.serves = 1;
    await expect(ask(classifier, "where is my parcel")).rejects.toThrow();
    expect(world.generations.preparing).toBe(true);
    world.service.serves = 0; // one of its servers still has it
    expect(await decisions(classifier)).toEqual(before);
    world.service.serves = 1;
    building.resolve();
    await served(world, 1);
    expect(await decisions(classifier)).toEqual(before);
  });

  test("that are in use are indexed before the new model serves, and a turn waits for none of them", async () => {
    await using world = startWorld();
    const channels = [await world.channel(shop), await world.channel(vets)];
    world.service.serves = 1;
    await expect(ask(channels[0] as Classifier, "hello")).rejects.toThrow();
    await served(world, 1);
    const { texts } = world.service;
    for (const classifier of channels) await ask(classifier, "x");
    expect(world.service.texts - texts).toBeLessThanOrEqual(4); // the messages, each in two ways
  });

  test("with more examples than are indexed at the start do not keep the others waiting", async () => {
    await using world = startWorld();
    const big = await world.channel(large);
    const small = await world.channel(shop);
    await ask(big, "errand 1 in way 1");
    await ask(small, "where is my parcel");
    const building = Promise.withResolvers<void>();
    world.service.meanwhile = (texts) =>
      texts.some((text) => text.startsWith("errand ")) ? building.promise : Promise.resolve();
    world.service.serves = 1;
    await expect(ask(small, "hello")).rejects.toThrow();
    await served(world, 1);
    expect((await ask(small, "where is my parcel")).alternatives[0]?.agent).toBe("orders");
    building.resolve();
    expect((await ask(big, "errand 1 in way 1")).alternatives).toHaveLength(3);
    await expect.poll(() => world.generations.current.indexes.latest().length).toBe(2);
  });

  test("that are added while a successor is prepared are indexed by the model that serves then", async () => {
    await using world = startWorld();
    const classifier = await world.channel(shop);
    world.service.serves = 1;
    await expect(world.channel(vets)).rejects.toThrow("it serves another model");
    await served(world, 1);
    const added = await world.channel(vets);
    expect((await ask(added, "walk the dog")).alternatives[0]?.agent).toBe("dogs");
    expect((await ask(classifier, "where is my parcel")).alternatives[0]?.agent).toBe("orders");
  });

  test("whose agents change then are not adapted from an index of the old model", async () => {
    await using world = startWorld();
    const previous = await world.channel(large);
    await ask(previous, "errand 1 in way 1");
    world.service.serves = 1;
    await expect(ask(previous, "hello")).rejects.toThrow();
    await served(world, 1);
    const changed = await world.channel([...large, ...vets]);
    expect((await ask(changed, "walk my dog")).alternatives[0]?.agent).toBe("dogs");
  });

  test("tell how far they are every ten seconds", async () => {
    await using world = startWorld();
    const classifier = await world.channel(shop);
    await world.channel(vets);
    world.service.meanwhile = async (texts) => {
      if (texts.length > 1) await world.clock.advance(6000);
    };
    world.service.serves = 1;
    await expect(ask(classifier, "hello")).rejects.toThrow();
    await served(world, 1);
    const told = world.lines.filter(({ message }) => String(message).startsWith("Indexes are built"));
    expect(told).toEqual([expect.objectContaining({ level: "info", of: 2 })]);
  });

  test("of which one cannot be indexed serve the others", async () => {
    await using world = startWorld();
    const classifier = await world.channel(shop);
    await world.channel(vets);
    world.service.meanwhile = async (texts) => {
      if (texts.includes("feed my cat")) throw new Error("these texts are odd");
    };
    world.service.serves = 1;
    await expect(ask(classifier, "hello")).rejects.toThrow();
    await served(world, 1);
    expect((await ask(classifier, "where is my parcel")).alternatives[0]?.agent).toBe("orders");
    expect(world.lines).toContainEqual(
      expect.objectContaining({ level: "warn", error: "these texts are odd" }),
    );
  });
});
