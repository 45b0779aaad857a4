/** Messages divided by a model that answers from a script. */
import { readFile } from "node:fs/promises";
import { loadStaticModel } from "@lmos/embeddings";
import { FakeClock, SeededRandom } from "@lmos/testing";
import { describe, expect, it } from "vitest";
import type { RoutableAgent } from "../model.ts";
import { buildRouterIndex } from "../router-index.ts";
import type { ChatModel, DivisionRequest } from "./chat-model.ts";
import { createHybridClassifier } from "./hybrid-classifier.ts";

const { signal } = new AbortController();
const embedding = await loadStaticModel({ signal });
const injections: readonly string[] = JSON.parse(
  await readFile(new URL("../testdata/injections.json", import.meta.url), "utf8"),
);
const agent = (name: string, description: string, ...examples: readonly string[]): RoutableAgent => ({
  name,
  description,
  capabilities: [{ id: `${name}-c`, name: "c", description, examples }],
});
const agents = [
  agent("orders", "Tracks parcels", "where is my order", "track my parcel", "late parcel"),
  agent("network", "Mends internet", "internet is down", "wifi drops", "slow internet"),
  agent("billing", "Explains bills", "why is my bill so high", "my invoice is wrong", "pay my bill"),
];
const index = await buildRouterIndex(agents, { embedding, signal });
const request = {
  message: "my invoice is wrong, and where is my order?",
  history: [],
  pieces: ["my invoice is wrong", "where is my order?"],
};

type Divide = (request: DivisionRequest) => string | Promise<string>;

function dividing(divide: Divide, clock = new FakeClock()) {
  const requests: DivisionRequest[] = [];
  const model: ChatModel = {
    id: "scripted",
    choose: async () => "",
    divide: async (asked) => {
      requests.push(asked);
      return divide(asked);
    },
  };
  const random = new SeededRandom(3);
  return { requests, clock, classifier: createHybridClassifier({ index, embedding, model, clock, random }) };
}

function idOf({ candidates }: DivisionRequest, description: string): string {
  return candidates.find((candidate) => candidate.description === description)?.id ?? "";
}

const inOrder: Divide = (asked) =>
  JSON.stringify({
    parts: [
      { id: idOf(asked, "Explains bills"), text: "what is wrong with my invoice?", needs: [] },
      { id: idOf(asked, "Tracks parcels"), text: "where is the order on it?", needs: [1] },
    ],
  });

describe("a message is divided", () => {
  it("as the model says, among the agents of the index", async () => {
    const { classifier } = dividing(inOrder);
    expect(await classifier.plan?.(request, { signal })).toMatchObject([
      { agent: "billing", capability: "billing-c", text: "what is wrong with my invoice?", needs: [] },
      { agent: "orders", capability: "orders-c", text: "where is the order on it?", needs: [0] },
    ]);
  });

  it("by no model that does not divide", () => {
    const model: ChatModel = { id: "scripted", choose: async () => "" };
    const options = { index, embedding, model, clock: new FakeClock(), random: new SeededRandom(1) };
    expect(createHybridClassifier(options).plan).toBeUndefined();
  });

  it.each([
    { name: "prose", divide: () => "billing, then orders" },
    { name: "an agent by its name", divide: () => '{"parts":[{"id":"billing","text":"a","needs":[]}]}' },
    { name: "a failure", divide: () => Promise.reject(new Error("refused")) },
  ])("not for $name", async ({ divide }) => {
    expect(await dividing(divide).classifier.plan?.(request, { signal })).toBeUndefined();
  });

  it("not when the model takes longer than 3 s", async () => {
    const { classifier, clock } = dividing(() => new Promise<string>(() => undefined));
    const planned = classifier.plan?.(request, { signal });
    await clock.advance(3000);
    expect(await planned).toBeUndefined();
  });

  it("not while the model rests", async () => {
    const { classifier, requests } = dividing(() => Promise.reject(new Error("refused")));
    for (let turn = 0; turn < 5; turn++) await classifier.plan?.(request, { signal });
    expect(requests).toHaveLength(3);
  });

  it("not when the turn is over: that is thrown", async () => {
    const controller = new AbortController();
    const { classifier } = dividing(() => {
      controller.abort("enough");
      return new Promise<string>(() => undefined);
    });
    await expect(classifier.plan?.(request, { signal: controller.signal })).rejects.toBe("enough");
  });
});

describe("the question", () => {
  it("offers the likeliest of each piece by ids that say nothing", async () => {
    const { classifier, requests } = dividing(inOrder);
    await classifier.plan?.(request, { signal });
    expect(requests[0]).toMatchObject({ maxParts: 4 });
    expect(requests[0]?.candidates.map(({ description }) => description)).toEqual(
      expect.arrayContaining(["Explains bills", "Tracks parcels"]),
    );
    expect(JSON.stringify(requests[0])).not.toMatch(/"(?:orders|billing|network)/);
  });

  it(`S6 holds ${injections.length} attacks as data, cut and cleaned`, async () => {
    for (const attack of injections) {
      const { classifier, requests } = dividing(() => "");
      const attacked = {
        ...request,
        message: attack,
        history: [{ role: "assistant", content: attack }],
      } as const;
      await classifier.plan?.(attacked, { signal });
      const [asked] = requests;
      if (asked === undefined) throw new Error("not asked");
      expect(JSON.parse(asked.message)).toHaveProperty("before");
      expect(asked.message).not.toMatch(/[\p{Cc}\p{Cf}]|\\u00/u);
      expect(asked.system).not.toContain(attack);
    }
  });
});
