/** A service of vectors whose model changes while the router is asked over HTTP. */
import { type ChangingService, createChangingService, loadStaticModel } from "@lmos/embeddings";
import { type LogFields, type Logger, silentLogger } from "@lmos/primitives";
import {
  buildRouterIndex,
  createMemoryExampleStore,
  createVectorClassifier,
  type ExampleStore,
} from "@lmos/router";
import { FakeClock, SeededRandom } from "@lmos/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { createGivenAgents } from "./agents/agent-directory.ts";
import { agents, type RunningService, startService } from "./testing/running-service.ts";
import { createClassifiersInUse, createVectorSuccession, toStoreInUse, type Vectors } from "./vectors.ts";

const { signal } = new AbortController();
const builtIn = await loadStaticModel({ signal });
const scope = { tenant: "acme", channel: "web", subset: "stable" };
const questionOf = (userMessage: string, channelId = "web") => ({
  inputContext: { userMessage },
  systemContext: { tenantId: "acme", channelId },
});
const message = "where is my parcel?";

/** What succeeds is made as the command makes it, in memory; stores that are emptied are remembered. */
function follow(service: ChangingService, logger: Logger = silentLogger) {
  const given = createGivenAgents();
  const forgotten: string[] = [];
  const vectors = createVectorSuccession({
    given,
    embedding: service.model(),
    create: (embedding): Vectors => {
      const store = createMemoryExampleStore({ embedding });
      return {
        embedding,
        store: {
          ...store,
          remove: async (of, agentId, call) => {
            forgotten.push(`${embedding.id} ${of.channel}`);
            await store.remove(of, agentId, call);
          },
        },
        createClassifier: async (_mode, request, options) =>
          createVectorClassifier({
            index: await buildRouterIndex(request.agents, { embedding, ...options }),
            embedding,
          }),
      };
    },
    ...{ clock: new FakeClock(), random: new SeededRandom(1), logger },
  });
  return { given, vectors, forgotten };
}

let service: ChangingService;
let followed: ReturnType<typeof follow>;
let router: RunningService;
let stop: AbortController;
let running: Promise<void>;

beforeEach(async () => {
  service = createChangingService(builtIn);
  followed = follow(service);
  for (const agent of agents) await followed.vectors.current.store.put(scope, agent, { signal });
  followed.given.put(scope, agents);
  router = await startService({ vectors: followed.vectors, given: followed.given });
  stop = new AbortController();
  running = followed.vectors.run({ signal: stop.signal });
});
afterEach(async () => {
  stop.abort();
  await running;
  await router[Symbol.asyncDispose]();
});

const hitsSchema = z.array(z.object({ agentId: z.string(), score: z.number() }));

/** The nearest examples; their scores to the fourth digit. */
async function nearest(text = message, channel = "web"): Promise<readonly (readonly [string, string])[]> {
  const { body } = await router.send("POST", "/api/v1/routings/vector/plain", questionOf(text, channel));
  return hitsSchema.parse(body).map(({ agentId, score }) => [agentId, score.toFixed(4)] as const);
}

async function decided(text = message): Promise<string> {
  const { body } = await router.send("POST", "/api/v1/routings/vector", questionOf(text));
  return JSON.stringify(body);
}

async function changeTo(model: number): Promise<void> {
  service.serves = model;
  await decided();
  await expect.poll(() => followed.vectors.current.embedding.id).toBe(`service:${model}`);
}

describe("a router whose service of vectors changes its model", () => {
  it("finds the same examples by the new model's vectors as by the old one's", async () => {
    const before = await nearest();
    expect(before[0]?.[0]).toBe("parcels");
    await changeTo(1);
    expect(await nearest()).toEqual(before);
  });

  it("lets words decide where there is no vector, and then vectors again", async () => {
    const before = await decided();
    expect(before).toContain("by examples");
    service.serves = 1;
    expect(await decided("has my parcel arrived?")).toContain("words alone");
    await expect.poll(() => followed.vectors.current.embedding.id).toBe("service:1");
    expect(await decided()).toBe(before);
  });

  it("has agents that come later in the store that serves then", async () => {
    await changeTo(1);
    const capabilities = [{ id: "feed", description: "Feeds", examples: ["feed my cat"] }];
    const capabilityGroups = [{ id: "pets", name: "pets-agent", address: "http://pets", capabilities }];
    const sent = await router.send("POST", "/api/v1/embeddings?tenant=acme&channel=pets", {
      capabilityGroups,
    });
    expect(sent.status).toBe(204);
    expect(await nearest("feed my cat", "pets")).toEqual([["pets", "1.0000"]]);
  });

  it("forgets what was made with the old one", async () => {
    await changeTo(1);
    await expect.poll(() => followed.forgotten).toEqual(["service:0 web"]);
  });

  it("leaves a store alone that others read", async () => {
    const own = createChangingService(builtIn);
    const { vectors, given, forgotten } = follow(own);
    given.put(scope, agents);
    Object.assign(vectors.current, { isStoreShared: true });
    const following = vectors.run({ signal: stop.signal });
    own.serves = 1;
    await expect(vectors.current.embedding.embed(["x"], { signal })).rejects.toThrow();
    await expect.poll(() => vectors.changes).toBe(1);
    stop.abort();
    await following;
    expect(forgotten).toEqual([]);
  });

  it("takes channels out of the new store that went while it was filled", async () => {
    const other = { ...scope, channel: "phone" };
    for (const agent of agents) await followed.vectors.current.store.put(other, agent, { signal });
    followed.given.put(other, agents);
    service.meanwhile = async (texts) => {
      if (followed.vectors.preparing && texts.length > 1) followed.given.remove(other);
    };
    await changeTo(1);
    await expect.poll(() => followed.forgotten).toContain("service:1 phone");
    const [vector = new Float32Array()] = await followed.vectors.current.embedding.embed(["parcel"], {
      signal,
    });
    expect(await followed.vectors.current.store.nearest(other, { vector, count: 5 }, { signal })).toEqual([]);
  });
});

describe("a change of the store in use", () => {
  const vectorsWith = (store: ExampleStore): Vectors => ({
    embedding: builtIn,
    store,
    createClassifier: async () => undefined,
  });

  it("is made again where another store serves by then", async () => {
    const [first, second] = [1, 2].map(() => createMemoryExampleStore({ embedding: builtIn }));
    if (first === undefined || second === undefined) throw new TypeError("two were made");
    const vectors = { current: vectorsWith(first) };
    const changed: ExampleStore[] = [];
    await toStoreInUse(vectors, async (store) => {
      changed.push(store);
      if (changed.length === 1) vectors.current = vectorsWith(second);
    });
    expect([changed.length, changed[0] === first, changed[1] === second]).toEqual([2, true, true]);
  });

  it("is made once where it does not", async () => {
    let changes = 0;
    await toStoreInUse(followed.vectors, async () => {
      changes += 1;
    });
    expect(changes).toBe(1);
  });
});

describe("classifiers in use", () => {
  it("are those of the vectors that serve, and those before are forgotten", async () => {
    const of = (name: string): Vectors => ({
      embedding: builtIn,
      store: createMemoryExampleStore({ embedding: builtIn }),
      createClassifier: async () => ({ classify: () => Promise.reject(new Error(name)) }),
    });
    const vectors = { current: of("first") };
    const classifiers = createClassifiersInUse(vectors, { maxEntries: 9, clock: new FakeClock(), signal });
    const call = async () => {
      const made = await classifiers.classifierFor("vector", { agents, scope }, { signal });
      return made?.classify({ message: "x", history: [] }, { signal });
    };
    await expect(call()).rejects.toThrow("first");
    expect(classifiers.size).toBe(1);
    vectors.current = of("second");
    expect(classifiers.size).toBe(0);
    await expect(call()).rejects.toThrow("second");
  });
});

it("tells the change in the log", async () => {
  const lines: (LogFields | undefined)[] = [];
  const logger: Logger = { ...silentLogger, info: (_message, fields) => void lines.push(fields) };
  const own = createChangingService(builtIn);
  const { vectors } = follow(own, logger);
  const following = vectors.run({ signal: stop.signal });
  own.serves = 1;
  await expect(vectors.current.embedding.embed(["x"], { signal })).rejects.toThrow();
  await expect.poll(() => lines).toEqual([{ model: "service:1" }]);
  stop.abort();
  await following;
});
