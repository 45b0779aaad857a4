import { loadStaticModel } from "@lmos/embeddings";
import { describe, expect, it } from "vitest";
import { countedHistory } from "./conversation.ts";
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
  { role: "assistant", content: "You called abroad in March.", agent: "billing" },
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

  it("is guessed about where the history doesn't say who answered", async () => {
    const history = said.map(({ role, content }) => ({ role, content }));
    expect((await route({ message: "and in April?", history })).agent).toBe("billing");
  });

  it("goes when it speaks for itself", async () => {
    const switched = await route({ message: "my internet is down too", history: said });
    expect(switched.agent).toBe("network");
  });

  it.each([
    { name: "after half an hour", request: { idleMs: 31 * 60_000 } },
    { name: "after the agent has handed over", request: { handedOver: true } },
    { name: "when only the assistant has spoken", request: { history: said.slice(1) } },
  ])("stands alone $name", async ({ request }) => {
    const decision = await route({ message: "and in April?", history: said, ...request });
    expect(decision.decision).toBe("none");
  });

  it("stays with the agent that the history names, whatever the user's message looked like", async () => {
    const history = [said[0], { role: "assistant", content: "I had a look.", agent: "network" }] as const;
    const decision = await route({
      message: "and now?",
      history: history.flatMap((message) => message ?? []),
    });
    expect(decision.agent).toBe("network");
  });

  it("hears of a message with a transition only what it is about", async () => {
    const message = "Good, thanks a lot for that. Something else: is there a delivery status?";
    expect(await route({ message, history: said })).toEqual({ decision: "accept", agent: "orders" });
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

describe("countedHistory", () => {
  const user = (content: string): HistoryMessage => ({ role: "user", content });
  const answer = (content: string, name?: string): HistoryMessage => ({
    role: "assistant",
    content,
    agent: name,
  });

  it.each([
    { name: "an exchange", history: [user("a"), answer("b", "x")], earlier: ["a|b|x"] },
    { name: "a message without an answer", history: [user("a")], earlier: ["a||"] },
    {
      name: "two messages in a row, and an answer of the runtime itself",
      history: [user("a"), user("b"), answer("c")],
      earlier: ["a||", "b|c|"],
    },
    {
      name: "two answers, the later of which counts",
      history: [user("a"), answer("b", "x"), answer("c", "y")],
      earlier: ["a|b c|y"],
    },
    {
      name: "a greeting of the assistant",
      history: [answer("hi"), user("a"), answer("b")],
      earlier: ["a|b|"],
    },
    {
      name: "the last four exchanges",
      history: [1, 2, 3, 4, 5, 6].flatMap((n) => [user(`u${n}`), answer(`a${n}`)]),
      earlier: ["u3|a3|", "u4|a4|", "u5|a5|", "u6|a6|"],
    },
  ])("counts $name", ({ history, earlier }) => {
    const counted = countedHistory({ message: "m", history });
    expect(
      counted?.earlier.map(
        ({ message, answer: said_, answeredBy }) => `${message}|${said_}|${answeredBy ?? ""}`,
      ),
    ).toEqual(earlier);
    const before = history.slice(-2).map(({ content }) => content);
    expect(counted?.window).toBe([...before, "m"].join(" "));
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
