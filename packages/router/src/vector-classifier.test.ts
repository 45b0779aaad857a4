import { type EmbeddingModel, loadStaticModel } from "@lmos/embeddings";
import { SeededRandom } from "@lmos/testing";
import { anyText } from "@lmos/testing/any-text";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createEmbeddingCache } from "./embedding-cache.ts";
import type { RoutableAgent, RoutableCapability, RoutingDecision } from "./model.ts";
import { buildRouterIndex } from "./router-index.ts";
import { createVectorClassifier } from "./vector-classifier.ts";

const { signal } = new AbortController();
const embedding = await loadStaticModel({ signal });

function capability(id: string, description: string, ...examples: readonly string[]): RoutableCapability {
  return { id, name: id, description, examples };
}

const showBill = capability(
  "show-bill",
  "Shows bills and explains the charges on them",
  "show me my bill",
  "why is my invoice so high",
  "explain the charges on my last bill",
  "where can i see my invoices",
  "what is this charge of 5 dollars",
);
const payBill = capability(
  "pay-bill",
  "Pays open bills",
  "i want to pay my bill",
  "pay the open amount",
  "can i pay by card",
  "set up a direct debit",
  "can i pay in instalments",
);
const outage = capability(
  "outage",
  "Finds and mends internet outages",
  "my internet is down",
  "no connection since this morning",
  "the wifi keeps dropping",
  "router light is red",
  "internet very slow today",
);
const track = capability(
  "track-order",
  "Says where an order is",
  "where is my order",
  "track my package",
  "when will my delivery arrive",
  "my parcel is three days late",
  "delivery status please",
);
const billing: RoutableAgent = { name: "billing", description: "Bills", capabilities: [showBill, payBill] };
const network: RoutableAgent = { name: "network", description: "Network", capabilities: [outage] };
const orders: RoutableAgent = { name: "orders", description: "Orders", capabilities: [track] };

async function classify(agents: readonly RoutableAgent[], message: string): Promise<RoutingDecision> {
  const index = await buildRouterIndex(agents, { embedding, signal });
  return createVectorClassifier({ index, embedding }).classify({ message, history: [] }, { signal });
}

describe("a small catalogue", () => {
  it.each([
    { message: "my bill is too high", agent: "billing", capability: "show-bill" },
    { message: "can I pay with my credit card?", agent: "billing", capability: "pay-bill" },
    { message: "internet is down again!!", agent: "network", capability: "outage" },
    { message: "wher is my pakage", agent: "orders", capability: "track-order" },
  ])("accepts '$message'", async ({ message, agent, capability: expected }) => {
    const decision = await classify([billing, network, orders], message);
    expect(decision).toMatchObject({ decision: "accept", agent, capability: expected });
    expect(decision.alternatives[0]).toMatchObject({
      agent,
      capability: expected,
      confidence: decision.confidence,
    });
  });

  it("explains itself with numbers and the nearest examples", async () => {
    const { explanation } = await classify([billing, network, orders], "where is my order");
    expect(explanation.matchedExamples[0]).toMatchObject({ agent: "orders", text: "where is my order" });
    expect(explanation.energy).toBeGreaterThan(explanation.energyThreshold);
    expect(explanation.margin).toBeGreaterThan(explanation.marginThreshold);
    expect(explanation).toMatchObject({ stage: "vector", coverage: 1 });
  });

  it("asks between agents that fit alike, naming both", async () => {
    const other = {
      ...orders,
      name: "parcels",
      capabilities: [{ ...track, description: "Follows parcels" }],
    };
    const decision = await classify([billing, orders, other], "where is my order");
    if (decision.decision !== "ask") throw new Error(`decided ${decision.decision}`);
    expect(decision.choices.map(({ agent }) => agent).toSorted()).toEqual(["orders", "parcels"]);
    expect(decision.question).toContain("Says where an order is");
    expect(decision.question).toContain("Follows parcels");
  });
});

describe("a least confidence", () => {
  it("changes no acceptance that has it, and lets nothing else have it", async () => {
    const index = await buildRouterIndex([billing, network, orders], { embedding, signal });
    const classifier = createVectorClassifier({ index, embedding });
    const word = fc.constantFrom(
      "my",
      "bill",
      "order",
      "internet",
      "is",
      "slow",
      "where",
      "moon",
      "late",
      "cat",
    );
    const message = fc.array(word, { maxLength: 6 }).map((words) => words.join(" "));
    const has = (decision: RoutingDecision, least: number): boolean =>
      decision.decision === "accept" && decision.confidence >= least;
    await fc.assert(
      fc.asyncProperty(message, fc.constantFrom(0, 0.5, 0.95), async (said, leastConfidence) => {
        const full = await classifier.classify({ message: said, history: [] }, { signal });
        const request = { message: said, history: [], leastConfidence };
        const hasty = await createVectorClassifier({ index, embedding }).classify(request, { signal });
        expect(has(hasty, leastConfidence)).toBe(has(full, leastConfidence));
        if (has(full, leastConfidence)) expect(hasty).toEqual(full);
      }),
    );
  });

  it("counts for nothing in a conversation, where the message alone does not decide", async () => {
    const index = await buildRouterIndex([billing, network, orders], { embedding, signal });
    const request = {
      message: "and in april?",
      history: [{ role: "user", content: "show me my bill" }],
    } as const;
    const [plain, asked] = await Promise.all(
      [undefined, 0.95].map((leastConfidence) =>
        createVectorClassifier({ index, embedding }).classify({ ...request, leastConfidence }, { signal }),
      ),
    );
    expect(asked).toEqual(plain);
  });
});

describe("a first look", () => {
  const said = [
    ...[
      "show me my bill",
      "my internet is down",
      "hello",
      "my cat is ill",
      "track",
      "Wo ist mein Paket?",
      "",
    ],
    ...["and in april?", "pay by card, please", "where is my wifi bill", "thanks a lot", "my order is late"],
  ];
  const message = fc.oneof(fc.constantFrom(...said), anyText());

  it.each([
    { name: "a small catalogue", agents: [billing, network, orders] },
    { name: "one agent", agents: [network] },
    { name: "no agent", agents: [] },
  ])("says of $name whom a message is for, if it is accepted", async ({ agents }) => {
    const index = await buildRouterIndex(agents, { embedding, signal });
    const classifier = createVectorClassifier({ index, embedding });
    await fc.assert(
      fc.asyncProperty(message, async (text) => {
        const glance = await classifier.glance?.(text, { signal });
        const decision = await classifier.classify({ message: text, history: [] }, { signal });
        if (decision.decision !== "accept") return;
        const { agent, confidence } = decision;
        expect(glance).toEqual({ kind: "perhaps", agent, confidence });
      }),
    );
  });

  it("is not worth it where a service gives the vectors", async () => {
    const index = await buildRouterIndex([billing, network], { embedding, signal });
    const service = { ...embedding, isRemote: true };
    expect(createVectorClassifier({ index, embedding: service }).glance).toBeUndefined();
  });

  it("waits where the model has something to wait for", async () => {
    const index = await buildRouterIndex([billing, network, orders], { embedding, signal });
    const slow: EmbeddingModel = { ...embedding, embed: async (texts, call) => embedding.embed(texts, call) };
    const { glance } = createVectorClassifier({ index, embedding: slow });
    expect(await glance?.("show me my bill", { signal })).toMatchObject({
      kind: "perhaps",
      agent: "billing",
    });
  });
});

const unrelated = [
  "what is the weather like in rome",
  "tell me a joke",
  "who won the world cup",
  "how do i bake a cake",
  "Wo ist meine Rechnung?",
  "インターネットが遅い",
];

describe("tiny catalogues", () => {
  const catalogues = [
    {
      name: "one agent with two capabilities",
      agents: [billing],
      near: "show my latest invoice",
      expected: "billing",
    },
    {
      name: "two agents with three",
      agents: [billing, network],
      near: "the internet does not work",
      expected: "network",
    },
    { name: "one capability", agents: [network], near: "my wifi is slow", expected: "network" },
    {
      name: "descriptions alone",
      agents: [billing, network].map((agent) => ({
        ...agent,
        capabilities: agent.capabilities.map((one) => ({ ...one, examples: [] })),
      })),
      near: "there is an internet outage",
      expected: "network",
    },
    {
      name: "one example each",
      agents: [network, orders].map((agent) => ({
        ...agent,
        capabilities: agent.capabilities.map((one) => ({ ...one, examples: one.examples.slice(0, 1) })),
      })),
      near: "where is the order i made",
      expected: "orders",
    },
  ];

  it.each(catalogues)("with $name accept what is near", async ({ agents, near, expected }) => {
    expect(await classify(agents, near)).toMatchObject({ decision: "accept", agent: expected });
  });

  it.each(catalogues.flatMap((catalogue) => unrelated.map((message) => ({ ...catalogue, message }))))(
    "with $name refuse '$message'",
    async ({ agents, message }) => {
      expect(await classify(agents, message)).toMatchObject({ decision: "none" });
    },
  );
});

describe("catalogues that are no use", () => {
  it.each([
    { name: "no agents", agents: [] },
    { name: "an agent without capabilities", agents: [{ name: "a", description: "b", capabilities: [] }] },
  ])("route nothing with $name", async ({ agents }) => {
    expect(await classify(agents, "pay my bill")).toMatchObject({
      decision: "none",
      confidence: 0,
      alternatives: [],
    });
  });

  it("read the name of a capability that has nothing else", async () => {
    const bare = {
      name: "bare",
      description: "",
      capabilities: [{ ...capability("x", ""), name: "track_parcel" }],
    };
    expect((await classify([bare, network], "track parcel")).alternatives[0]?.agent).toBe("bare");
  });

  it("take the same texts under two agents", async () => {
    const decision = await classify([billing, { ...billing, name: "copy" }], "pay my bill");
    expect(decision.decision).toBe("ask");
  });
});

describe("bad input", () => {
  it.each([
    { name: "nothing", message: "" },
    { name: "white space", message: " \n\t " },
    { name: "NUL bytes", message: "\u0000".repeat(50) },
    { name: "emoji only", message: "🤷🏽‍♀️🔥🔥" },
    { name: "100 KB of one letter", message: "x".repeat(100_000) },
    { name: "100 KB of words that are none", message: "qzx vjk ".repeat(12_500) },
    { name: "half a surrogate pair", message: "\ud83d" },
    { name: "punctuation", message: "?!?!?!" },
  ])("is none for $name", async ({ message }) => {
    expect(await classify([billing, network, orders], message)).toMatchObject({ decision: "none" });
  });

  it("gives a decision with sound numbers for any text", async () => {
    const index = await buildRouterIndex([billing, network, orders], { embedding, signal });
    const classifier = createVectorClassifier({ index, embedding });
    await fc.assert(
      fc.asyncProperty(anyText(), async (message) => {
        const { confidence, alternatives } = await classifier.classify({ message, history: [] }, { signal });
        expect(confidence).toBeGreaterThan(0);
        expect(confidence).toBeLessThanOrEqual(1);
        expect(alternatives).toHaveLength(3);
      }),
    );
  });

  it("rejects a vector that is not finite with a typed error", async () => {
    const index = await buildRouterIndex([billing, network], { embedding, signal });
    const broken: EmbeddingModel = {
      ...embedding,
      embed: async () => [new Float32Array(embedding.dimension).fill(Number.NaN)],
    };
    const classifier = createVectorClassifier({ index, embedding: broken });
    const classified = classifier.classify({ message: "pay", history: [] }, { signal });
    await expect(classified).rejects.toMatchObject({ code: "InvalidVector" });
  });

  it("refuses an index of another model", async () => {
    const index = await buildRouterIndex([billing], { embedding, signal });
    expect(() => createVectorClassifier({ index, embedding: { ...embedding, id: "other" } })).toThrow(
      expect.objectContaining({ code: "ModelMismatch" }),
    );
  });

  it("rejects with the reason of an aborted signal", async () => {
    const index = await buildRouterIndex([billing], { embedding, signal });
    const classifier = createVectorClassifier({ index, embedding });
    const classified = classifier.classify(
      { message: "pay", history: [] },
      { signal: AbortSignal.abort("enough") },
    );
    await expect(classified).rejects.toBe("enough");
  });
});

describe("buildRouterIndex", () => {
  it("does not care about the order of agents, capabilities and examples", async () => {
    const random = new SeededRandom(4);
    const shuffled = <T>(items: readonly T[]): readonly T[] =>
      items
        .map((item) => ({ item, key: random.next() }))
        .sort((a, b) => a.key - b.key)
        .map(({ item }) => item);
    const mixed = shuffled([billing, network, orders]).map((agent) => ({
      ...agent,
      capabilities: shuffled(agent.capabilities).map((one) => ({ ...one, examples: shuffled(one.examples) })),
    }));
    for (const message of ["pay the parcel", "internet bill", "weather"]) {
      expect(await classify(mixed, message)).toEqual(await classify([billing, network, orders], message));
    }
  });

  it("embeds again only what changed", async () => {
    const embedded: string[] = [];
    const counting: EmbeddingModel = {
      ...embedding,
      embed: (texts, options) => {
        embedded.push(...texts);
        return embedding.embed(texts, options);
      },
    };
    const cache = createEmbeddingCache({ maxEntries: 10_000 });
    await buildRouterIndex([billing, network], { embedding: counting, cache, signal });
    embedded.length = 0;
    await buildRouterIndex([billing, network, orders], { embedding: counting, cache, signal });
    expect(embedded.toSorted()).toEqual([...track.examples, track.description].toSorted());
  });
});

describe("a message that is only polite", () => {
  const greeter: RoutableAgent = {
    name: "greeter",
    description: "Small talk",
    capabilities: [capability("greet", "Greets", "hello", "good morning", "thank you", "how are you")],
  };

  it.each(["hello", "Hello there!", "thanks a lot", "bye"])(
    "is for no agent that works: %s",
    async (message) => {
      const { decision, explanation } = await classify([billing, network, orders], message);
      expect([decision, explanation.coverage]).toEqual(["none", 0]);
    },
  );

  it("is for an agent that has an example of it", async () => {
    expect(await classify([billing, network, orders, greeter], "hello there")).toMatchObject({
      decision: "accept",
      agent: "greeter",
    });
  });

  it("is for who has the turn, as before, in a conversation", async () => {
    const index = await buildRouterIndex([billing, network, orders], { embedding, signal });
    const history = [
      { role: "user", content: "where is my order" },
      { role: "assistant", content: "On its way.", agent: "orders" },
    ] as const;
    const { explanation } = await createVectorClassifier({ index, embedding }).classify(
      { message: "thanks", history },
      { signal },
    );
    expect(explanation.coverage).toBe(1);
  });
});
