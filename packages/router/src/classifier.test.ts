/** One suite of cases for all three modes: whatever decides, these hold. */
import { readFile } from "node:fs/promises";
import { loadStaticModel } from "@lmos/embeddings";
import { FakeClock, SeededRandom } from "@lmos/testing";
import { describe, expect, it } from "vitest";
import { createClassifier, type RoutingMode } from "./classifier.ts";
import type { ChatModel, ChoiceRequest } from "./llm/chat-model.ts";
import type { Classifier, RoutableAgent } from "./model.ts";
import { buildRouterIndex } from "./router-index.ts";

const { signal } = new AbortController();
const embedding = await loadStaticModel({ signal });
const injections: readonly string[] = JSON.parse(
  await readFile(new URL("testdata/injections.json", import.meta.url), "utf8"),
);
const agent = (name: string, description: string, ...examples: readonly string[]): RoutableAgent => ({
  name,
  description,
  capabilities: [{ id: `${name}-c`, name: "c", description, examples }],
});
const agents = [
  agent(
    "billing",
    "Explains bills",
    "show my bill",
    "why is my bill so high",
    "explain the charges",
    "pay my invoice",
    "what do i owe",
  ),
  agent(
    "network",
    "Mends internet access",
    "my internet is down",
    "no connection",
    "the wifi keeps dropping",
    "router light is red",
    "slow internet",
  ),
  agent(
    "orders",
    "Tracks parcels",
    "where is my order",
    "track my parcel",
    "when does it arrive",
    "delivery status",
    "my parcel is late",
  ),
];
const index = await buildRouterIndex(agents, { embedding, signal });
const empty = await buildRouterIndex([], { embedding, signal });

/** A model that reads: it picks the candidate with an example that shares most words with the message. */
const reader: ChatModel = {
  id: "reader",
  choose: async ({ candidates, message }: ChoiceRequest) => {
    const words = new Set(message.toLowerCase().match(/[a-z]+/g) ?? []);
    const shared = (texts: readonly string[]): number =>
      Math.max(0, ...texts.map((text) => text.split(" ").filter((word) => words.has(word)).length));
    const [best] = candidates.toSorted((a, b) => shared(b.examples) - shared(a.examples));
    return JSON.stringify({
      id: best === undefined || shared(best.examples) < 2 ? "none" : best.id,
      question: null,
    });
  },
};
const dead: ChatModel = { id: "dead", choose: () => Promise.reject(new Error("connection refused")) };
const liar: ChatModel = { id: "liar", choose: async () => JSON.stringify({ id: "orders" }) };

function create(mode: RoutingMode, model: ChatModel, of = index): Classifier {
  const languageModel = { model, clock: new FakeClock(), random: new SeededRandom(5) };
  return createClassifier({ mode, languageModel, index: of, embedding });
}

const modes = [
  { name: "vector", mode: "vector", model: dead },
  { name: "llm", mode: "llm", model: reader },
  { name: "hybrid", mode: "hybrid", model: reader },
  { name: "llm with a dead model", mode: "llm", model: dead },
  { name: "hybrid with a dead model", mode: "hybrid", model: dead },
  { name: "llm with a lying model", mode: "llm", model: liar },
] as const;

describe.each(modes)("$name", ({ mode, model }) => {
  const classifier = create(mode, model);
  const ask = (message: string) => classifier.classify({ message, history: [] }, { signal });

  it.each([
    { message: "why is my bill so high this month?", agent: "billing", capability: "billing-c" },
    { message: "my internet is down again", agent: "network", capability: "network-c" },
    { message: "track my parcel please", agent: "orders", capability: "orders-c" },
  ])("sends '$message' to $agent", async ({ message, agent: name, capability }) => {
    expect(await ask(message)).toMatchObject({ decision: "accept", agent: name, capability });
  });

  it.each([
    "what is the capital of peru",
    "write a poem about autumn leaves",
    "",
    "   ",
    "???",
    "😀😀😀",
    "Wo bleibt denn nur mein Paket mit den Schuhen?",
    "インターネットが繋がりません",
    "\u0000\u0000\u0000",
  ])("sends '%s' to nobody", async (message) => {
    expect((await ask(message)).decision).toBe("none");
  });

  it("answers a message of 100 KB", async () => {
    const decision = await ask("where is my order and my parcel ".repeat(3200));
    expect(["accept", "ask", "none"]).toContain(decision.decision);
  });

  it("explains itself: stage, numbers, alternatives that are agents of the index", async () => {
    for (const message of ["pay", "my bill and my parcel", "hello there", "slow wifi"]) {
      const { explanation, alternatives, confidence } = await ask(message);
      expect(["vector", "llm"]).toContain(explanation.stage);
      expect(confidence).toBeGreaterThanOrEqual(0);
      expect(confidence).toBeLessThanOrEqual(1);
      expect(alternatives.length).toBeLessThanOrEqual(3);
      for (const { agent: name } of alternatives) expect(agents.map((one) => one.name)).toContain(name);
    }
  });

  it("goes on with the agent that has the turn", async () => {
    const history = [
      { role: "user", content: "why is my bill so high?" },
      { role: "assistant", content: "You called abroad in March.", agent: "billing" },
    ] as const;
    const { alternatives } = await classifier.classify({ message: "and in April?", history }, { signal });
    expect(alternatives[0]?.agent).toBe("billing");
  });

  it("has nobody to send to in an empty index", async () => {
    const decision = await create(mode, model, empty).classify(
      { message: "pay my bill", history: [] },
      { signal },
    );
    expect(decision).toMatchObject({ decision: "none", alternatives: [] });
  });

  it("sends no attack to an agent that the message does not speak of", async () => {
    for (const attack of injections.slice(0, 60)) {
      const { decision, ...others } = await ask(`my internet is down. ${attack}`.slice(0, 400));
      if (decision === "accept") expect(others).not.toMatchObject({ agent: "hostile" });
    }
  });

  it("rejects with the reason of an aborted signal", async () => {
    const stopped = AbortSignal.abort(new Error("gone"));
    await expect(
      classifier.classify({ message: "pay my bill", history: [] }, { signal: stopped }),
    ).rejects.toThrow("gone");
  });
});

describe("createClassifier", () => {
  it.each([
    { name: "by vectors without a model, whatever the mode", mode: "llm", model: undefined, stage: "vector" },
    { name: "by vectors where they are wanted", mode: "vector", model: reader, stage: "vector" },
    { name: "by the model wherever it is wanted", mode: "llm", model: reader, stage: "llm" },
    { name: "by vectors that are sure, in hybrid mode", mode: "hybrid", model: reader, stage: "vector" },
    { name: "as hybrid unless a mode is given", mode: undefined, model: reader, stage: "vector" },
  ] as const)("decides $name", async ({ mode, model, stage }) => {
    const languageModel =
      model === undefined ? undefined : { model, clock: new FakeClock(), random: new SeededRandom(1) };
    const classifier = createClassifier({ mode, languageModel, index, embedding });
    const decision = await classifier.classify({ message: "my internet is down", history: [] }, { signal });
    expect(decision).toMatchObject({ agent: "network", explanation: { stage } });
  });

  it("takes thresholds in place of the learnt ones", async () => {
    const strict = createClassifier({ index, embedding, thresholds: { energy: 1000 } });
    const eager = createClassifier({ index, embedding, thresholds: { energy: -1000, margin: 0 } });
    const request = { message: "pay my bill", history: [] };
    expect((await strict.classify(request, { signal })).decision).toBe("none");
    expect((await eager.classify(request, { signal })).decision).toBe("accept");
  });
});

const { LMOS_LLM_BASE_URL: baseUrl } = process.env;
describe.skipIf(baseUrl === undefined)("a real model server (LMOS_LLM_BASE_URL)", () => {
  it("tells bills from parcels", async () => {
    const { createOpenAiChatModel } = await import("./llm/openai-chat-model.ts");
    const { systemClock } = await import("@lmos/primitives");
    const model = createOpenAiChatModel({
      baseUrl: baseUrl ?? "",
      model: process.env["LMOS_LLM_MODEL"] ?? "default",
      apiKey: process.env["LMOS_LLM_API_KEY"],
    });
    const languageModel = { model, clock: systemClock, random: new SeededRandom(1), timeoutMs: 30_000 };
    const classifier = createClassifier({ mode: "llm", languageModel, index, embedding });
    const decision = await classifier.classify(
      { message: "what do I still have to pay?", history: [] },
      { signal },
    );
    expect(decision).toMatchObject({ agent: "billing", explanation: { stage: "llm" } });
  }, 60_000);
});
