import { type EmbeddingModel, type EmbedOptions, loadStaticModel } from "@lmos/embeddings";
import { systemClock, systemIds } from "@lmos/primitives";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AddressedAgent } from "../lmos/example-store.ts";
import { exampleStoreCases } from "../testing/example-store-cases.ts";
import { type FakeQdrant, startFakeQdrant } from "../testing/fake-qdrant.ts";
import { collectionSuffix, createQdrantExampleStore } from "./qdrant-example-store.ts";

const { signal } = new AbortController();
const embedding = await loadStaticModel({ signal });
const scope = { tenant: "acme", channel: "web", subset: "stable" };
const agent: AddressedAgent = {
  id: "sales-agent",
  name: "sales",
  address: "http://sales",
  description: "",
  capabilities: [
    { id: "view-offers", name: "view-offers", description: "Offers", examples: ["This is example 1"] },
  ],
};

let qdrant: FakeQdrant;
beforeEach(async () => {
  qdrant = await startFakeQdrant();
});
afterEach(() => qdrant[Symbol.asyncDispose]());

const storeAt = (url: string, apiKey?: string) =>
  createQdrantExampleStore({ url, apiKey, embedding, clock: systemClock });

describe("Qdrant, as it answers", () => {
  it.each(exampleStoreCases)("$name", ({ check }) => check({ store: storeAt(qdrant.url), embedding, scope }));
});

// One that runs: the same cases, in collections of their own.
const realUrl = process.env["QDRANT_URL"];
describe.runIf(realUrl !== undefined)("Qdrant at QDRANT_URL", () => {
  it.each(exampleStoreCases)("$name", async ({ check }) => {
    const own = { ...scope, tenant: `test-${systemIds.next()}` };
    const store = storeAt(realUrl ?? "");
    try {
      await check({ store, embedding, scope: own });
    } finally {
      await store.remove(own, undefined, { signal });
    }
  });
});

describe("of two channels whose collections have one name", () => {
  const first = { tenant: "a-b", channel: "c", subset: "stable" };
  const second = { tenant: "a", channel: "b-c", subset: "stable" };
  const vector = new Float32Array(embedding.dimension).fill(1);
  const name = "a-b-c-stable";
  const labels = (): readonly unknown[] =>
    [...(qdrant.collections.get(name)?.points.values() ?? [])].map(({ payload }) => payload["lmosScope"]);

  beforeEach(() => storeAt(qdrant.url).put(first, agent, { signal }));

  it("the second is refused, with the remedy", async () => {
    await expect(storeAt(qdrant.url).put(second, agent, { signal })).rejects.toMatchObject({
      code: "StoreConflict",
      message: expect.stringMatching(/a-b-c-stable .*\["a","b-c","stable"\]: rename one of them/),
    });
    expect(labels()).toEqual(['["a-b","c","stable"]']);
  });

  it("the second finds nothing of the first", async () => {
    const store = storeAt(qdrant.url);
    expect(await store.nearest(first, { vector, count: 9 }, { signal })).toHaveLength(1);
    expect(await store.nearest(second, { vector, count: 9 }, { signal })).toEqual([]);
  });

  it.each([
    { what: "an agent of the second", agentId: agent.id },
    { what: "the second", agentId: undefined },
  ])("forgetting $what leaves the first alone", async ({ agentId }) => {
    await storeAt(qdrant.url).remove(second, agentId, { signal });
    expect(labels()).toHaveLength(1);
  });

  it("the first may go, and then the second may come", async () => {
    const store = storeAt(qdrant.url);
    await store.remove(first, undefined, { signal });
    await store.put(second, agent, { signal });
    expect(labels()).toEqual(['["a","b-c","stable"]']);
  });
});

describe("a service that had another model under the same name while nobody was there", () => {
  const moved = (vector: Float32Array): Float32Array => vector.toReversed();
  const remote = { ...embedding, isRemote: true };
  const changed = {
    ...remote,
    embed: async (texts: readonly string[], options: EmbedOptions) =>
      (await embedding.embed(texts, options)).map(moved),
  };
  const several: AddressedAgent = {
    ...agent,
    capabilities: [
      { id: "c", name: "c", description: "", examples: ["one offer", "two offers", "no offer"] },
    ],
  };
  const storeOf = (model: EmbeddingModel) =>
    createQdrantExampleStore({ url: qdrant.url, embedding: model, clock: systemClock });
  const puts = (): number =>
    qdrant.seen.filter((request) => request.includes("PUT") && /points/.test(request)).length;
  const scoreOf = async (model: EmbeddingModel, text: string): Promise<number> => {
    const [vector = new Float32Array(0)] = await model.embed([text], { signal });
    const [hit] = await storeOf(model).nearest(scope, { vector, count: 1 }, { signal });
    return hit?.example === text ? hit.score : 0;
  };

  it("is noticed when an agent is put: all of its examples are embedded again", async () => {
    await storeOf(remote).put(scope, several, { signal });
    await storeOf(changed).put(scope, several, { signal });
    for (const text of ["one offer", "two offers", "no offer"])
      expect(await scoreOf(changed, text)).toBeCloseTo(1, 5);
    expect(puts()).toBe(2);
  });

  it.each([
    { name: "a service that has not changed", model: remote },
    { name: "a model of the process", model: embedding },
  ])("is not seen in $name, whose points stay", async ({ model }) => {
    await storeOf(model).put(scope, several, { signal });
    await storeOf(model).put(scope, several, { signal });
    expect(puts()).toBe(1);
  });

  it("is noticed once: what was embedded again stays", async () => {
    await storeOf(remote).put(scope, several, { signal });
    for (let start = 0; start < 3; start++) await storeOf(changed).put(scope, several, { signal });
    expect(puts()).toBe(2);
  });

  it("costs a model of the process no question", async () => {
    for (const model of [embedding, remote]) {
      await storeOf(model).put(scope, several, { signal });
      const before = qdrant.seen.length;
      await storeOf(model).put(scope, several, { signal });
      const asked = qdrant.seen.slice(before).filter((request) => request.endsWith("/points/search"));
      expect(asked).toHaveLength(model === remote ? 1 : 0);
    }
  });
});

describe("two models of vectors", () => {
  const other = { ...embedding, id: "another-model" };
  const vector = new Float32Array(embedding.dimension).fill(1);
  const storeOf = (model: typeof embedding, collections?: "shared" | "of-model") =>
    createQdrantExampleStore({ url: qdrant.url, embedding: model, collections, clock: systemClock });
  const found = async (model: typeof embedding, collections?: "shared" | "of-model") =>
    (await storeOf(model, collections).nearest(scope, { vector, count: 9 }, { signal })).length;
  const modelsIn = (name: string): readonly unknown[] =>
    [...(qdrant.collections.get(name)?.points.values() ?? [])].map(({ payload }) => payload["lmosModel"]);

  it("are told apart in a collection that both use, so that neither finds the other's", async () => {
    await storeOf(embedding).put(scope, agent, { signal });
    expect([await found(embedding), await found(other)]).toEqual([1, 0]);
  });

  it("take each other's place there: an example is one point", async () => {
    await storeOf(embedding).put(scope, agent, { signal });
    await storeOf(other).put(scope, agent, { signal });
    expect(modelsIn("acme-web-stable")).toEqual(["another-model"]);
    expect([await found(embedding), await found(other)]).toEqual([0, 1]);
  });

  it("have collections beside each other where one has its own", async () => {
    await storeOf(embedding).put(scope, agent, { signal });
    await storeOf(other, "of-model").put(scope, agent, { signal });
    expect([...qdrant.collections.keys()]).toEqual([
      "acme-web-stable",
      `acme-web-stable${collectionSuffix("another-model")}`,
    ]);
    expect([await found(embedding), await found(other, "of-model")]).toEqual([1, 1]);
  });

  it("may have vectors of two lengths then", async () => {
    const short = {
      ...other,
      dimension: 2,
      embed: async (texts: readonly string[]) => texts.map(() => Float32Array.of(1, 0)),
    };
    await storeOf(embedding).put(scope, agent, { signal });
    await storeOf(short, "of-model").put(scope, agent, { signal });
    expect([...qdrant.collections.values()].map(({ size }) => size)).toEqual([embedding.dimension, 2]);
  });

  it("are forgotten one by one", async () => {
    await storeOf(embedding).put(scope, agent, { signal });
    await storeOf(other, "of-model").put(scope, agent, { signal });
    await storeOf(other, "of-model").remove(scope, undefined, { signal });
    expect([...qdrant.collections.keys()]).toEqual(["acme-web-stable"]);
  });

  it.each(exampleStoreCases)("$name, in collections of their own", ({ check }) =>
    check({ store: storeOf(embedding, "of-model"), embedding, scope }),
  );
});

describe("points that a Kotlin component wrote", () => {
  const ofKotlin = {
    agentId: "sales-agent",
    agentName: "sales",
    agentAddress: "http://sales",
    capabilityId: "view-offers",
    capabilityDescription: "Offers",
  };
  const vector = new Array<number>(embedding.dimension).fill(1);
  const add = (id: string, capabilityExample: string): void => {
    const collection = qdrant.collections.get("acme-web-stable") ?? {
      size: embedding.dimension,
      points: new Map(),
    };
    qdrant.collections.set("acme-web-stable", collection);
    collection.points.set(id, { id, vector, payload: { ...ofKotlin, capabilityExample } });
  };

  it("are found by the channel of their collection's name", async () => {
    add("x", "offers please");
    const hits = await storeAt(qdrant.url).nearest(
      scope,
      { vector: new Float32Array(vector), count: 9 },
      { signal },
    );
    expect(hits.map(({ example }) => example)).toEqual(["offers please"]);
  });

  it("are taken over where the agent still has the example, else they go", async () => {
    add("2845d7aa-31c8-349f-973e-f601c677afae", "This is example 1");
    add("x", "an example of before");
    await storeAt(qdrant.url).put(scope, agent, { signal });
    const points = [...(qdrant.collections.get("acme-web-stable")?.points.values() ?? [])];
    expect(points).toMatchObject([
      { id: "2845d7aa-31c8-349f-973e-f601c677afae", payload: { lmosScope: '["acme","web","stable"]' } },
    ]);
  });
});

describe("createQdrantExampleStore", () => {
  it("keeps points as Eclipse LMOS does", async () => {
    await storeAt(qdrant.url).put(scope, agent, { signal });
    const collection = qdrant.collections.get("acme-web-stable");
    expect(collection?.size).toBe(embedding.dimension);
    expect([...(collection?.points.values() ?? [])]).toMatchObject([
      {
        id: "2845d7aa-31c8-349f-973e-f601c677afae",
        payload: {
          agentId: "sales-agent",
          agentName: "sales",
          agentAddress: "http://sales",
          capabilityId: "view-offers",
          capabilityDescription: "Offers",
          capabilityExample: "This is example 1",
        },
      },
    ]);
  });

  it("writes only what changes", async () => {
    const store = storeAt(qdrant.url);
    await store.put(scope, agent, { signal });
    qdrant.seen.length = 0;
    await store.put(scope, agent, { signal });
    expect(qdrant.seen).toEqual([
      "GET /collections/acme-web-stable",
      "POST /collections/acme-web-stable/points/scroll", // is it another channel's?
      "POST /collections/acme-web-stable/points/scroll",
    ]);
  });

  it("reads on where an agent has more points than a page", async () => {
    const store = storeAt(qdrant.url);
    const [capability] = agent.capabilities;
    if (capability === undefined) throw new Error("the agent has no capability");
    const examples = ["one", "two", "three", "four", "five"];
    await store.put(scope, { ...agent, capabilities: [{ ...capability, examples }] }, { signal });
    await store.remove(scope, agent.id, { signal });
    expect(qdrant.collections.get("acme-web-stable")?.points.size).toBe(0);
  });

  it("leaves out points that are somebody else's", async () => {
    await storeAt(qdrant.url).put(scope, agent, { signal });
    const points = qdrant.collections.get("acme-web-stable")?.points;
    points?.set("x", {
      id: "x",
      vector: new Array<number>(embedding.dimension).fill(1),
      payload: { other: "1" },
    });
    const vector = new Float32Array(embedding.dimension).fill(1);
    expect(await storeAt(qdrant.url).nearest(scope, { vector, count: 9 }, { signal })).toHaveLength(1);
  });

  it("refuses a collection of another model, with the remedy", async () => {
    qdrant.collections.set("acme-web-stable", { size: 1024, points: new Map() });
    await expect(storeAt(qdrant.url).put(scope, agent, { signal })).rejects.toMatchObject({
      code: "ModelMismatch",
      message: expect.stringMatching(/1024 .*256.*use the model that filled it/),
    });
  });

  it.each([
    { name: "a server's fault", status: 500, says: /500/ },
    { name: "a wrong key", status: 401, says: /401/ },
  ])("says what $name is", async ({ status, says }) => {
    qdrant.status = status;
    const finding = storeAt(qdrant.url).nearest(
      scope,
      { vector: new Float32Array(256), count: 1 },
      { signal },
    );
    await expect(finding).rejects.toMatchObject({
      code: "StoreUnavailable",
      message: expect.stringMatching(says),
    });
  });

  it("says that nobody listens", async () => {
    const finding = storeAt("http://127.0.0.1:9").nearest(
      scope,
      { vector: new Float32Array(256), count: 1 },
      { signal },
    );
    await expect(finding).rejects.toMatchObject({ code: "StoreUnavailable" });
  });

  it("sends its key", async () => {
    await using locked = await startFakeQdrant("secret");
    await expect(storeAt(locked.url, "secret").put(scope, agent, { signal })).resolves.toBeUndefined();
    await expect(storeAt(locked.url).put(scope, agent, { signal })).rejects.toThrow("401");
  });
});
