import { type EmbeddingModel, loadStaticModel } from "@lmos/embeddings";
import { silentLogger } from "@lmos/primitives";
import type { ChatModel, Classifier } from "@lmos/router";
import { FakeClock, SeededRandom } from "@lmos/testing";
import { describe, expect, test } from "vitest";
import { defaultLimits, type RuntimeLimits } from "../limits.ts";
import { type ClassifierFactoryOptions, createClassifierFactory } from "./channel-classifier.ts";
import { createIndexGenerations } from "./index-generation.ts";
import type { RoutedAgent } from "./snapshot.ts";

const { signal } = new AbortController();
const identity = { tenant: "acme", channel: "web", subset: "stable" };
const embedding = await loadStaticModel({ signal });
const agent = (name: string, description: string, ...examples: readonly string[]): RoutedAgent => ({
  id: name,
  name,
  version: "1.0.0",
  description,
  host: name,
  capabilities: [{ id: "", name: `${name}-c`, version: "1.0.0", description, examples }],
});
const parcels = [
  "where is my order",
  "track my parcel",
  "when does it arrive",
  "delivery status",
  "late parcel",
];
const agents = [
  agent("orders", "Tracks what the shop has sent", ...parcels),
  agent("friends", "Tracks what friends have sent", ...parcels),
  agent("network", "Mends internet", "internet is down", "wifi drops", "no connection", "slow internet"),
];

function factory(
  chatModel?: ChatModel,
  given: {
    readonly indexedExamples?: number;
    readonly embedding?: EmbeddingModel;
    readonly limits?: Partial<RuntimeLimits>;
    readonly onModelCall?: ClassifierFactoryOptions["onModelCall"];
  } = {},
) {
  const shared = {
    limits: {
      ...{ ...defaultLimits, ...given.limits },
      indexedExamples: given.indexedExamples ?? defaultLimits.indexedExamples,
    },
    clock: new FakeClock(),
    random: new SeededRandom(1),
    logger: silentLogger,
    onModelCall: given.onModelCall,
  };
  const generations = createIndexGenerations({ ...shared, embedding: given.embedding ?? embedding });
  return createClassifierFactory({ ...shared, chatModel, generations, signal });
}

const channelOf = (tenant: string, channel: string) => ({
  ...{ identity: { tenant, channel, subset: "stable" }, agents, settings: { mode: "llm" as const } },
});
const noInterim = { previous: undefined, onInterim: () => undefined, signal };
const ask = (classifier: Classifier, message: string) =>
  classifier.classify({ message, history: [] }, { signal });

/** A model that always picks the first candidate, and counts. */
function counting(): { readonly model: ChatModel; readonly calls: () => number } {
  let calls = 0;
  const choose: ChatModel["choose"] = async ({ candidates }) => {
    calls++;
    return JSON.stringify({ id: candidates[0]?.id });
  };
  return { model: { id: "first", choose }, calls: () => calls };
}

describe("the classifier of a channel", () => {
  test.each([
    { name: "with a model divides messages", settings: {}, chatModel: counting().model, plans: true },
    {
      name: "of vectors alone does not",
      settings: { mode: "vector" },
      chatModel: counting().model,
      plans: false,
    },
    { name: "without a model does not", settings: {}, chatModel: undefined, plans: false },
  ] as const)("$name", async ({ settings, chatModel, plans }) => {
    const classifier = await factory(chatModel)({ identity, agents, settings }, noInterim);
    expect(classifier.plan !== undefined).toBe(plans);
  });

  test.each([
    {
      name: "asks a model about doubtful messages by default",
      settings: {},
      message: "where is my parcel",
      calls: 1,
    },
    { name: "asks it about no other", settings: {}, message: "my internet is down", calls: 0 },
    {
      name: "asks it about every message in mode llm",
      settings: { mode: "llm" },
      message: "my internet is down",
      calls: 1,
    },
    {
      name: "never asks it in mode vector",
      settings: { mode: "vector" },
      message: "where is my parcel",
      calls: 0,
    },
  ] as const)("$name", async ({ settings, message, calls }) => {
    const counted = counting();
    const classifier = await factory(counted.model)({ identity, agents, settings }, noInterim);
    await ask(classifier, message);
    expect(counted.calls()).toBe(calls);
  });

  test.each([
    { name: "whose index is there", given: {} },
    { name: "whose index is built by its first turn", given: { indexedExamples: 0 } },
  ])("$name glances at messages", async ({ given }) => {
    const classifier = await factory(undefined, given)({ identity, agents, settings: {} }, noInterim);
    expect(await classifier.glance?.("my internet is down", { signal })).toMatchObject({
      kind: "perhaps",
      agent: "network",
    });
  });

  test("of a service of vectors sees nothing at a glance", async () => {
    const remote = { ...embedding, isRemote: true };
    const create = factory(undefined, { embedding: remote });
    const classifier = await create({ identity, agents, settings: {} }, noInterim);
    expect(await classifier.glance?.("my internet is down", { signal })).toEqual({ kind: "unknown" });
  });

  test("S12 leaves a tenant what another one asks too much of it", async () => {
    const { model, calls } = counting();
    const create = factory(model, { limits: { modelCallsPerMinute: 8, tenantModelCallsPerMinute: 5 } });
    const [web, ivr, other] = await Promise.all([
      create(channelOf("noisy", "web"), noInterim),
      create(channelOf("noisy", "ivr"), noInterim),
      create(channelOf("quiet", "web"), noInterim),
    ]);
    for (let each = 0; each < 10; each++) {
      await ask(web, `my internet is down ${each}`);
      await ask(ivr, `my wifi is slow ${each}`);
    }
    expect(calls()).toBe(5);
    for (let each = 0; each < 10; each++) await ask(other, `my internet is down ${each}`);
    expect(calls()).toBe(8);
  });

  test("S12 pays the tokens of all channels of a tenant out of one budget, and is told of them", async () => {
    const used = { input: 390, output: 10, source: "reported" } as const;
    const model: ChatModel = {
      id: "paid",
      choose: async ({ candidates }, { onUsage }) => {
        onUsage(used);
        return JSON.stringify({ id: candidates[0]?.id });
      },
    };
    const told: string[] = [];
    const create = factory(model, {
      limits: { tenantModelTokensPerMinute: 900 },
      onModelCall: (tenant, { outcome }) => told.push(`${tenant} ${outcome}`),
    });
    const [web, ivr, other] = await Promise.all([
      create(channelOf("acme", "web"), noInterim),
      create(channelOf("acme", "ivr"), noInterim),
      create(channelOf("globex", "web"), noInterim),
    ]);
    const stages: unknown[] = [];
    for (const [at, each] of [web, ivr, web, ivr, other].entries()) {
      stages.push((await ask(each, `my internet is down ${at}`)).explanation.stage);
    }
    expect(stages).toEqual(["llm", "llm", "vector", "vector", "llm"]);
    expect(told).toEqual([
      ...["acme answered", "acme answered", "acme over-budget", "acme over-budget", "globex answered"],
    ]);
  });

  test("decides by vectors where a mode needs a model that is not there", async () => {
    const classifier = await factory()({ identity, agents, settings: { mode: "llm" } }, noInterim);
    expect(await ask(classifier, "my internet is down")).toMatchObject({
      agent: "network",
      capability: "network-c",
      explanation: { stage: "vector" },
    });
  });

  test("keeps to the channel's thresholds and asks in its language", async () => {
    const create = factory();
    const strict = await create({ identity, agents, settings: { thresholds: { energy: 1000 } } }, noInterim);
    expect((await ask(strict, "my internet is down")).decision).toBe("none");
    const german = await create(
      { identity, agents, settings: { language: "de", thresholds: { margin: 1 } } },
      noInterim,
    );
    expect(await ask(german, "where is my parcel")).toMatchObject({
      decision: "ask",
      question: expect.stringContaining("Geht es um"),
    });
  });

  test("lets a dead model rest for all channels together", async () => {
    let calls = 0;
    const model: ChatModel = {
      id: "dead",
      choose: () => {
        calls++;
        return Promise.reject(new Error("refused"));
      },
    };
    const create = factory(model);
    const channels = await Promise.all(
      [1, 2, 3, 4, 5].map(() => create({ identity, agents, settings: {} }, noInterim)),
    );
    for (const classifier of channels) await ask(classifier, "where is my parcel");
    expect(calls).toBe(3);
  });
});

describe("a change of a large channel", () => {
  const many = Array.from({ length: 40 }, (_, i) =>
    agent(
      `agent-${i}`,
      `Does thing ${i}`,
      ...Array.from({ length: 10 }, (_example, j) => `do the ${i} thing in way ${j}`),
    ),
  );

  test("is served at once with what was learnt before, and then with an index of its own", async () => {
    const create = factory();
    const settings = {};
    const previous = await create({ identity, agents: many, settings }, noInterim);
    const interim: Classifier[] = [];
    const onInterim = (classifier: Classifier): void => void interim.push(classifier);
    const changed = [
      ...many,
      agent("zoo", "Feeds animals", "feed the lions", "when do penguins eat", "zebra food"),
    ];
    const final = await create({ identity, agents: changed, settings }, { previous, onInterim, signal });
    expect(interim).toHaveLength(1);
    for (const classifier of [...interim, final]) {
      expect((await ask(classifier, "feed the lions")).alternatives[0]?.agent).toBe("zoo");
    }
  });

  test("that is small, or whose classifier is unknown, waits for its index", async () => {
    const create = factory();
    const onInterim = (): void => {
      throw new Error("no interim index was to be expected");
    };
    const small = await create({ identity, agents, settings: {} }, noInterim);
    await create({ identity, agents: agents.slice(1), settings: {} }, { previous: small, onInterim, signal });
    const foreign: Classifier = { classify: () => Promise.reject(new Error("not asked")) };
    await create({ identity, agents: many, settings: {} }, { previous: foreign, onInterim, signal });
  });
});

describe("more channels than there is room for", () => {
  /** Counts the texts that are embedded: building an index embeds all of its own. */
  function countingEmbedding(): { readonly model: EmbeddingModel; readonly texts: () => number } {
    let texts = 0;
    const embed: EmbeddingModel["embed"] = (given, options) => {
      texts += given.length;
      return embedding.embed(given, options);
    };
    return { model: { ...embedding, embed }, texts: () => texts };
  }
  const cats = [
    agent("cats", "Minds cats", "feed my cat", "the cat is ill", "brush the cat"),
    agent("dogs", "Minds dogs", "walk my dog", "the dog is ill", "the dog barks"),
  ];
  const settings = {};

  test("are indexed by their first turn, and decide as if they had been indexed before", async () => {
    const counted = countingEmbedding();
    const create = factory(undefined, { indexedExamples: 20, embedding: counted.model });
    await create({ identity, agents, settings }, noInterim);
    const before = counted.texts();
    const late = create({ identity, agents: cats, settings }, noInterim);
    if (late instanceof Promise) throw new Error("nothing is to be waited for");
    expect(counted.texts()).toBe(before);
    const early = await factory()({ identity, agents: cats, settings }, noInterim);
    for (const message of ["my cat is ill", "walk the dog", "what is the capital of France"]) {
      expect(await ask(late, message)).toEqual(await ask(early, message));
    }
  });

  test("take turns in memory, and come back unchanged", async () => {
    const create = factory(undefined, { indexedExamples: 20 });
    const first = await create({ identity, agents, settings }, noInterim);
    const second = await create({ identity, agents: cats, settings }, noInterim);
    const expected = [await ask(first, "my internet is down"), await ask(second, "walk the dog")];
    for (let round = 0; round < 3; round++) {
      expect([await ask(first, "my internet is down"), await ask(second, "walk the dog")]).toEqual(expected);
    }
  });

  test("share an index where they have the same agents", async () => {
    const counted = countingEmbedding();
    const create = factory(undefined, { embedding: counted.model });
    await create({ identity, agents, settings }, noInterim);
    const before = counted.texts();
    const german = await create(
      { identity, agents, settings: { language: "de", thresholds: { margin: 1 } } },
      noInterim,
    );
    expect(counted.texts()).toBe(before);
    expect(await ask(german, "where is my parcel")).toMatchObject({ decision: "ask" });
  });

  test("whose index cannot be built fail turn by turn, and recover", async () => {
    let works = false;
    const embed: EmbeddingModel["embed"] = (texts, options) =>
      works ? embedding.embed(texts, options) : Promise.reject(new Error("out of reach"));
    const create = factory(undefined, { indexedExamples: 1, embedding: { ...embedding, embed } });
    await expect(create({ identity, agents, settings }, noInterim)).rejects.toThrow("out of reach");
    works = true;
    const classifier = await create({ identity, agents, settings }, noInterim);
    const other = await create({ identity, agents: cats, settings }, noInterim);
    works = false;
    await expect(ask(other, "walk the dog")).rejects.toThrow("out of reach");
    works = true;
    expect(await ask(other, "walk the dog")).toMatchObject({ agent: "dogs" });
    expect(await ask(classifier, "my internet is down")).toMatchObject({ agent: "network" });
  });

  test("go on being indexed when the client of the turn that asked is gone", async () => {
    const create = factory(undefined, { indexedExamples: 1 });
    await create({ identity, agents, settings }, noInterim);
    const late = await create({ identity, agents: cats, settings }, noInterim);
    const leaving = new AbortController();
    const left = late.classify({ message: "walk the dog", history: [] }, { signal: leaving.signal });
    leaving.abort(new Error("the client is gone"));
    await expect(left).rejects.toThrow("the client is gone");
    expect(await ask(late, "walk the dog")).toMatchObject({ agent: "dogs" });
  });
});
