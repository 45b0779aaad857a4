import { loadStaticModel } from "@lmos/embeddings";
import { describe, expect, it } from "vitest";
import type { ClassifyRequest, HistoryMessage, RoutableAgent } from "./model.ts";
import { buildRouterIndex } from "./router-index.ts";
import { bondOf } from "./topic-change.ts";
import { createVectorClassifier } from "./vector-classifier.ts";

const { signal } = new AbortController();
const embedding = await loadStaticModel({ signal });
const agent = (name: string, ...examples: readonly string[]): RoutableAgent => ({
  name,
  description: "",
  capabilities: [{ id: "c", name: "c", description: "", examples }],
});
const agents = [
  agent(
    "billing",
    "show my bill",
    "why is my bill so high",
    "explain the charges",
    "pay my invoice",
    "what do i owe",
  ),
  agent(
    "network",
    "my internet is down",
    "no connection",
    "the wifi keeps dropping",
    "router light is red",
    "slow internet",
  ),
  agent(
    "orders",
    "where is my order",
    "track my parcel",
    "when does it arrive",
    "delivery status",
    "my parcel is late",
  ),
];
const classifier = createVectorClassifier({
  index: await buildRouterIndex(agents, { embedding, signal }),
  embedding,
});
const said: readonly HistoryMessage[] = [
  { role: "user", content: "why is my bill so high?" },
  { role: "assistant", content: "You called abroad in March." },
];

async function route(request: ClassifyRequest) {
  const { decision, alternatives } = await classifier.classify(request, { signal });
  return { decision, agent: alternatives[0]?.agent };
}

describe("a message in its conversation", () => {
  it("stays when it says nothing by itself", async () => {
    expect(await route({ message: "and in April?", history: said })).toEqual({
      decision: "accept",
      agent: "billing",
    });
    expect((await route({ message: "and in April?", history: [] })).decision).toBe("none");
  });

  it("goes when it speaks for itself", async () => {
    const switched = await route({ message: "my internet is down too", history: said });
    expect(switched).toEqual({ decision: "accept", agent: "network" });
  });

  it.each([
    { name: "after half an hour", request: { idleMs: 31 * 60_000 } },
    { name: "after the agent has handed over", request: { handedOver: true } },
    { name: "when only the assistant has spoken", request: { history: said.slice(1) } },
  ])("stands alone $name", async ({ request }) => {
    const decision = await route({ message: "and in April?", history: said, ...request });
    expect(decision.decision).toBe("none");
  });

  it("is no follow-up when it is long and resembles nothing", async () => {
    const message =
      "who was the third emperor of the dynasty that built those walls near the desert up north";
    expect((await route({ message, history: said })).decision).toBe("none");
  });

  it("is none in another language", async () => {
    expect((await route({ message: "und im April bitte", history: said })).decision).toBe("none");
  });
});

describe("bondOf", () => {
  it.each([
    { message: "By the way, where is my parcel?", bond: "leaves" },
    { message: "One more thing: the wifi", bond: "leaves" },
    { message: "and when?", bond: "stays" },
  ])("reads '$message'", ({ message, bond }) => {
    expect(bondOf(message)).toBe(bond);
  });
});
