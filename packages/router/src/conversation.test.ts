import { loadStaticModel } from "@lmos/embeddings";
import { describe, expect, it } from "vitest";
import { countedHistory, heldBy } from "./conversation.ts";
import type { ClassifyRequest, HistoryMessage, RoutableAgent } from "./model.ts";
import { buildRouterIndex } from "./router-index.ts";
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

  it.each(["vielen Dank", "👍", "DE12 3456 7890", "Krzysztof Brzeziński", "merci"])(
    "stays where it cannot be read and is an answer: “%s”",
    async (message) => {
      expect(await route({ message, history: said })).toEqual({ decision: "accept", agent: "billing" });
    },
  );

  it("is none in another language", async () => {
    expect((await route({ message: "und im April bitte", history: said })).decision).toBe("none");
  });
});

describe("the explanation of a decision in a conversation", () => {
  const conversationOf = async (request: ClassifyRequest) =>
    (await classifier.classify(request, { signal })).explanation.conversation;

  it("names who had the turn, and what that was worth", async () => {
    const asked = await conversationOf({ message: "and in April?", history: said });
    expect(asked?.holder).toBe("billing");
    expect(asked?.stayFactor).toBeGreaterThan(1);
    const long = "by the way, since this morning the internet in my living room has been very slow again";
    expect((await conversationOf({ message: long, history: said }))?.stayFactor).toBeLessThan(0.1);
  });

  it("names nobody where the history doesn't", async () => {
    const history = said.map(({ role, content }) => ({ role, content }));
    expect(await conversationOf({ message: "and in April?", history })).toMatchObject({ holder: undefined });
  });

  it.each([
    { name: "a first message", request: { history: [] } },
    { name: "a message after a long rest", request: { idleMs: 31 * 60_000 } },
  ])("says nothing of $name", async ({ request }) => {
    expect(await conversationOf({ message: "show my bill", history: said, ...request })).toBeUndefined();
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

describe("what the runtime said itself", () => {
  const user = (content: string): HistoryMessage => ({ role: "user", content });
  const own = (content: string): HistoryMessage => ({ role: "assistant", content, isOwn: true });
  const answer = (content: string): HistoryMessage => ({ role: "assistant", content, agent: "x" });

  it.each([
    { name: "a refusal, with what was refused", history: [user("a"), own("no")], earlier: undefined },
    {
      name: "a refusal after an answer",
      history: [user("a"), answer("b"), user("c"), own("no")],
      earlier: ["a"],
    },
    {
      name: "a refusal between two answers",
      history: [user("a"), answer("b"), user("c"), own("no"), user("d"), answer("e")],
      earlier: ["a", "d"],
    },
  ])("counts for nobody: $name", ({ history, earlier }) => {
    const counted = countedHistory({ message: "m", history });
    expect(counted?.earlier.map(({ message }) => message)).toEqual(earlier);
    expect(counted?.window.includes("no") ?? false).toBe(false);
  });
});

describe("whether a question was asked before", () => {
  const user = (content: string): HistoryMessage => ({ role: "user", content });
  const answer = (content: string): HistoryMessage => ({ role: "assistant", content });

  it.each([
    { name: "by the last answer", history: [user("a"), answer("Which one?")], expected: true },
    { name: "with white space behind", history: [user("a"), answer("Which one? \n")], expected: true },
    { name: "not by a statement", history: [user("a"), answer("Done.")], expected: false },
    { name: "not by the user", history: [user("which one?")], expected: false },
    {
      name: "not by an earlier answer",
      history: [user("a"), answer("Which?"), user("b"), answer("Done.")],
      expected: false,
    },
    {
      name: "by the last of two answers",
      history: [user("a"), answer("Done."), answer("Anything else?")],
      expected: true,
    },
  ])("$name", ({ history, expected }) => {
    expect(countedHistory({ message: "m", history })?.followsQuestion).toBe(expected);
  });

  it("is known of the earlier messages too", () => {
    const history = [user("a"), answer("Which?"), user("b"), answer("Done."), user("c"), answer("Yes.")];
    const earlier = countedHistory({ message: "m", history })?.earlier ?? [];
    expect(earlier.map(({ followsQuestion }) => followsQuestion)).toEqual([false, true, false]);
  });
});

describe("heldBy", () => {
  const exchange = (answeredBy?: string) => ({
    message: "m",
    answer: "a",
    answeredBy,
    followsQuestion: false,
  });
  const isThere = (name: string): boolean => name !== "gone";

  it.each([
    { name: "nobody known", answered: [undefined, undefined], holder: undefined, since: 2 },
    { name: "the last that is known", answered: ["a", "b"], holder: "b", since: 0 },
    {
      name: "one before messages that nobody is known to have answered",
      answered: ["a", undefined],
      holder: "a",
      since: 1,
    },
    { name: "one before an agent that is gone", answered: ["a", "gone"], holder: "a", since: 1 },
    { name: "nobody where all are gone", answered: ["gone"], holder: undefined, since: 1 },
    { name: "nobody where nothing was said", answered: [], holder: undefined, since: 0 },
  ])("is $name", ({ answered, holder, since }) => {
    const held = heldBy({ earlier: answered.map(exchange), window: "", followsQuestion: false }, isThere);
    expect({ holder: held.holder, since: held.since.length }).toEqual({ holder, since });
  });
});
