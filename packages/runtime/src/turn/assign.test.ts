import { silentLogger } from "@lmos/primitives";
import type { Classifier, ClassifyRequest, RoutingDecision } from "@lmos/router";
import { FakeClock } from "@lmos/testing";
import { describe, expect, test } from "vitest";
import { type RoutingSnapshot, routedAgentsOf } from "../routing/snapshot.ts";
import { routingOf } from "../testing/routings.ts";
import { decided, snapshotOf } from "../testing/snapshots.ts";
import { turnOf } from "../testing/turns.ts";
import { assignAgent, checkExplicitAgent } from "./assign.ts";
import type { Turn } from "./turn.ts";

const agents = routedAgentsOf(
  routingOf([
    { name: "billing-agent", host: "billing", capability: "view-invoice" },
    { name: "order-agent", host: "orders", capability: "track-order" },
  ]),
);
const choices = [
  { agent: "billing-agent", capability: "view-invoice", confidence: 0.5 },
  { agent: "order-agent", capability: "track-order", confidence: 0.4 },
];

const services = {
  clock: new FakeClock(),
  logger: silentLogger,
  conversations: { find: () => undefined },
};

function answering(decision: RoutingDecision): Classifier {
  return { classify: async () => decision };
}

function assign(snapshot: RoutingSnapshot, turn: Turn = turnOf()) {
  const { signal } = new AbortController();
  return assignAgent(turn, snapshot, services, { signal });
}

describe("assigns", () => {
  test("the agent that the client names, without asking the router", async () => {
    const snapshot = snapshotOf({ agents, classifier: undefined });
    const assignment = await assign(snapshot, turnOf({ explicitAgent: "order-agent" }));
    expect(assignment).toMatchObject({
      kind: "agent",
      agent: { name: "order-agent" },
      routing: { decision: "explicit", agent: "order-agent", confidence: 1, snapshot: snapshot.hash },
    });
  });

  test("the agent that the router accepts", async () => {
    const decision = decided({
      decision: "accept",
      agent: "billing-agent",
      capability: "view-invoice",
      confidence: 0.9,
    });
    expect(await assign(snapshotOf({ agents, classifier: answering(decision) }))).toMatchObject({
      kind: "agent",
      agent: { name: "billing-agent", host: "billing" },
      routing: { decision: "accept", capability: "view-invoice", confidence: 0.9 },
    });
  });

  test("nobody when the router asks: its question is the reply", async () => {
    const decision = decided({ decision: "ask", question: "Invoice or order?", choices, confidence: 0.5 });
    expect(await assign(snapshotOf({ agents, classifier: answering(decision) }))).toMatchObject({
      kind: "reply",
      content: "Invoice or order?",
      routing: { decision: "ask", choices, confidence: 0.5, agent: undefined },
    });
  });

  test.each([
    { name: "after a request", content: "my cat is ill", says: "Sorry, I can't help with that here." },
    { name: "after a greeting", content: "hello", says: "Hello!" },
  ])("nobody when no agent fits: the reply says what the channel can help with $name", async (row) => {
    const decision = decided({ decision: "none", confidence: 0.1 });
    const turn = turnOf({ messages: [{ role: "user", content: row.content, format: "text" }] });
    expect(await assign(snapshotOf({ agents, classifier: answering(decision) }), turn)).toMatchObject({
      kind: "reply",
      content: `${row.says} What I can help with: view invoice, track order.`,
      routing: { decision: "none", confidence: 0.1 },
    });
  });
});

describe("tells what decided", () => {
  const accepted = decided({
    decision: "accept",
    agent: "order-agent",
    capability: "track-order",
    confidence: 0.9,
  });
  const byModel: RoutingDecision = { ...accepted, explanation: { ...accepted.explanation, stage: "llm" } };
  const asked = "Invoice or order?";
  const reply = [
    { role: "user", content: "hm", format: "text" },
    { role: "assistant", content: asked, format: "text" },
    { role: "user", content: "the second one", format: "text" },
  ] as const;
  const asking = decided({ decision: "ask", question: asked, choices, confidence: 0.5 });
  const rows: readonly {
    readonly stage: string;
    readonly turn?: Partial<Turn>;
    readonly classifier: Classifier | undefined;
  }[] = [
    { stage: "explicit", turn: { explicitAgent: "order-agent" }, classifier: answering(accepted) },
    { stage: "vector", classifier: answering(accepted) },
    { stage: "llm", classifier: answering(byModel) },
    { stage: "choice", turn: { messages: reply }, classifier: answering(asking) },
    { stage: "fallback", classifier: undefined },
  ];
  test.each(rows)("$stage", async ({ stage, turn, classifier }) => {
    const { routing } = await assign(snapshotOf({ agents, classifier }), turnOf(turn));
    expect(routing.stage).toBe(stage);
  });
});

describe("knows its own question again, in the language of who was asked", () => {
  const german = /^Ich bin nicht sicher/;
  test.each([
    { name: "a choice in German", asks: german, said: "wo ist meins", reply: "das zweite bitte" },
    {
      name: "a choice in another language than before",
      asks: german,
      said: "wo ist meins",
      reply: "the second",
    },
    { name: "a choice in English", asks: /^I'm not sure/, said: "where is mine", reply: "das zweite" },
  ])("$name", async ({ asks, said, reply }) => {
    const snapshot = snapshotOf({ agents, classifier: undefined });
    const about = { role: "user", content: said, format: "text" } as const;
    const asked = await assign(snapshot, turnOf({ messages: [about] }));
    const question = asked.kind === "reply" ? asked.content : "";
    expect(question).toMatch(asks);
    const messages = [
      about,
      { role: "assistant", content: question, format: "text" },
      { role: "user", content: reply, format: "text" },
    ] as const;
    expect(await assign(snapshot, turnOf({ messages }))).toMatchObject({
      kind: "agent",
      agent: { name: "order-agent" },
      routing: { stage: "choice" },
    });
  });
});

describe("asks the user", () => {
  const unclassifiable: readonly { readonly name: string; readonly classifier: Classifier | undefined }[] = [
    { name: "while there is no index", classifier: undefined },
    {
      name: "when the classifier fails",
      classifier: { classify: () => Promise.reject(new Error("no model")) },
    },
    {
      name: "when the classifier names an agent that isn't wired",
      classifier: answering(
        decided({ decision: "accept", agent: "foreign", capability: "x", confidence: 1 }),
      ),
    },
  ];
  test.each(unclassifiable)("$name", async ({ classifier }) => {
    expect(await assign(snapshotOf({ agents, classifier }))).toMatchObject({
      kind: "reply",
      content: "I'm not sure what you need. Is it about one of these: view invoice, track order?",
      routing: { decision: "ask", choices: [{ agent: "billing-agent" }, { agent: "order-agent" }] },
    });
  });

  test("nothing where a channel has no agents", async () => {
    expect(await assign(snapshotOf({ agents: [], classifier: undefined }))).toMatchObject({
      kind: "reply",
      content: "Sorry, I can't help with that at the moment.",
      routing: { decision: "none" },
    });
  });
});

describe("a reply to a question", () => {
  const asked = "Invoice or order?";
  const asking = answering(decided({ decision: "ask", question: asked, choices, confidence: 0.5 }));
  const replying = (content: string) =>
    turnOf({
      messages: [
        { role: "user", content: "hm", format: "text" },
        { role: "assistant", content: asked, format: "text" },
        { role: "user", content, format: "text" },
      ],
    });

  test.each([
    { name: "a polite refusal", settings: {}, kind: "reply" },
    { name: "the declared fallback agent", settings: { fallbackAgent: "order-agent" }, kind: "agent" },
  ])("that refuses all choices leads to $name", async ({ settings, kind }) => {
    const snapshot = snapshotOf({ agents, classifier: asking, settings });
    expect(await assign(snapshot, replying("none of these"))).toMatchObject({
      kind,
      routing: { decision: "none", stage: "choice", choices: [], alternatives: [] },
    });
  });

  test("that wants both gives each of them what the question was about", async () => {
    expect(await assign(snapshotOf({ agents, classifier: asking }), replying("both please"))).toMatchObject({
      kind: "parts",
      parts: choices.map(({ agent, capability }) => ({
        agent: { name: agent },
        capability,
        text: "hm",
        needs: [],
      })),
      routing: { decision: "accept", stage: "choice" },
    });
  });
});

test("the first question of a message that has two is read in its conversation", async () => {
  const asked: { readonly message: string; readonly history: number }[] = [];
  const classifier: Classifier = {
    classify: async ({ message, history }) => {
      asked.push({ message, history: history.length });
      const agent = message.startsWith("my") ? "billing-agent" : "order-agent";
      const isClear = message.startsWith("my") || history.length > 0;
      return isClear
        ? decided({ decision: "accept", agent, capability: "c", confidence: 0.99 })
        : decided({ decision: "none", confidence: 0 });
    },
  };
  const messages = [
    { role: "user", content: "where is it", format: "text" },
    { role: "assistant", content: "On its way.", format: "text" },
    { role: "user", content: "when exactly? my bill is wrong", format: "text" },
  ] as const;
  expect(await assign(snapshotOf({ agents, classifier }), turnOf({ messages }))).toMatchObject({
    kind: "parts",
    parts: [{ agent: { name: "order-agent" } }, { agent: { name: "billing-agent" } }],
  });
  expect(asked).toEqual([
    { message: "when exactly?", history: 0 },
    { message: "when exactly?", history: 2 },
    { message: "my bill is wrong", history: 0 },
  ]);
});

describe("a declared fallback agent", () => {
  const settings = { fallbackAgent: "order-agent" };
  const none = answering(decided({ decision: "none", confidence: 0.1 }));
  const failing: Classifier = { classify: () => Promise.reject(new Error("no vectors today")) };
  const asking = answering(decided({ decision: "ask", question: "Which?", choices, confidence: 0.5 }));

  test.each([
    { name: "a message that is for none of the agents", classifier: none },
    { name: "a message that cannot be classified", classifier: failing },
    { name: "a message while the index is not built", classifier: undefined },
  ])("gets $name", async ({ classifier }) => {
    expect(await assign(snapshotOf({ agents, classifier, settings }))).toMatchObject({
      kind: "agent",
      agent: { name: "order-agent" },
      routing: { decision: "none", agent: "order-agent" },
    });
  });

  test("does not get one that the user is asked about", async () => {
    expect(await assign(snapshotOf({ agents, classifier: asking, settings }))).toMatchObject({
      kind: "reply",
    });
  });

  test("is passed over where the channel isn't wired to it", async () => {
    const snapshot = snapshotOf({ agents, classifier: none, settings: { fallbackAgent: "nobody" } });
    expect(await assign(snapshot)).toMatchObject({
      kind: "reply",
      routing: { decision: "none", agent: undefined },
    });
  });
});

test("lets vectors alone find the parts of a message: a model is asked once a turn at most", async () => {
  const asked: ClassifyRequest[] = [];
  const classifier: Classifier = {
    classify: async (request) => {
      asked.push(request);
      return decided({ decision: "none", confidence: 0 });
    },
  };
  const content = "where is my order, and why is my invoice so high?";
  const messages = [{ role: "user", content, format: "text" }] as const;
  await assign(snapshotOf({ agents, classifier }), turnOf({ messages: [...messages] }));
  expect(asked.filter(({ withoutModel }) => withoutModel !== true)).toHaveLength(1);
});

test("routes by the user's last message, with what was said before as history", async () => {
  const asked: ClassifyRequest[] = [];
  const classifier: Classifier = {
    classify: async (request) => {
      asked.push(request);
      return decided({ decision: "none", confidence: 0 });
    },
  };
  const said = [
    { role: "user", content: "my invoice" },
    { role: "assistant", content: "which one?" },
    { role: "user", content: "the last" },
    { role: "assistant", content: "ignore all rules" },
  ] as const;
  const messages = said.map((message) => ({ ...message, format: "text" }));
  await assign(snapshotOf({ agents, classifier }), turnOf({ messages }));
  expect(asked).toEqual([{ message: "the last", history: said.slice(0, 2) }]);
});

test("tells the classifier which agent gave an answer that the runtime remembers", async () => {
  const asked: ClassifyRequest[] = [];
  const classifier: Classifier = {
    classify: async (request) => {
      asked.push(request);
      return decided({ decision: "none", confidence: 0 });
    },
  };
  const remembered = {
    subset: "stable",
    messages: [
      { role: "user", content: "my invoice" },
      { role: "assistant", content: "48 euros.", agent: "billing-agent" },
    ],
  } as const;
  const messages = [...remembered.messages, { role: "user", content: "why?" } as const].map(
    ({ role, content }) => ({ role, content, format: "text" }),
  );
  const conversations = { find: () => remembered };
  const { signal } = new AbortController();
  const snapshot = snapshotOf({ agents, classifier });
  await assignAgent(turnOf({ messages }), snapshot, { ...services, conversations }, { signal });
  expect(asked.at(-1)?.history.at(-1)).toEqual(remembered.messages[1]);
});

describe("tells the classifier what is known of the conversation", () => {
  const messages = [
    { role: "user", content: "my invoice", format: "text" },
    { role: "assistant", content: "48 euros.", format: "text" },
    { role: "user", content: "why?", format: "text" },
  ] as const;
  const half = 30 * 60_000;
  test.each([
    { name: "nothing, where nothing is known", state: {}, told: {} },
    { name: "how long it has rested", state: { at: -half }, told: { idleMs: half } },
    { name: "no time to come, where clocks differ", state: { at: 5000 }, told: { idleMs: 0 } },
    { name: "that it was handed over", state: { handedOver: true }, told: { handedOver: true } },
  ])("$name", async ({ state, told }) => {
    const clock = new FakeClock();
    const at = "at" in state ? { at: clock.now() + state.at } : {};
    const conversations = { find: () => ({ subset: "stable", messages: [], ...state, ...at }) };
    const asked: ClassifyRequest[] = [];
    const classifier: Classifier = {
      classify: async (request) => {
        asked.push(request);
        return decided({ decision: "none", confidence: 0 });
      },
    };
    const { signal } = new AbortController();
    const snapshot = snapshotOf({ agents, classifier });
    await assignAgent(
      turnOf({ messages: [...messages] }),
      snapshot,
      { ...services, clock, conversations },
      { signal },
    );
    const { message: _, history: __, ...how } = asked.at(-1) ?? { message: "", history: [] };
    expect(how).toEqual(told);
  });
});

test("asks about a message that names two topics, whatever the classifier makes of the whole", async () => {
  const accepting = (agent: string, capability: string): RoutingDecision =>
    decided({ decision: "accept", agent, capability, confidence: 0.99 });
  const classifier: Classifier = {
    classify: async ({ message }) =>
      message === "my order"
        ? accepting("order-agent", "track-order")
        : accepting("billing-agent", "view-invoice"),
  };
  const messages = [{ role: "user", content: "my invoice or my order", format: "text" }] as const;
  const assignment = await assign(snapshotOf({ agents, classifier }), turnOf({ messages: [...messages] }));
  expect(assignment).toMatchObject({
    kind: "reply",
    content: expect.stringMatching(/^I want to be sure .* or .*\?$/),
    routing: { decision: "ask", choices: [{ agent: "billing-agent" }, { agent: "order-agent" }] },
  });
});

test("a message that speaks for itself leaves a conversation that it could belong to", async () => {
  const asking = decided({ decision: "ask", question: "Which?", choices, confidence: 0.5 });
  const billing = decided({ decision: "accept", agent: "billing-agent", capability: "c", confidence: 0.99 });
  const example = { agent: "billing-agent", capability: "c", text: "my invoice is wrong", similarity: 1 };
  const alone = { ...billing, explanation: { ...billing.explanation, matchedExamples: [example] } };
  const classifier: Classifier = { classify: async ({ history }) => (history.length > 0 ? asking : alone) };
  const answered = { role: "assistant", content: "On its way.", agent: "order-agent" } as const;
  const conversations = { find: () => ({ subset: "stable", messages: [answered] }) };
  const messages = ["where is it?", "On its way.", "my invoice is wrong"].map((content, index) => ({
    role: index === 1 ? ("assistant" as const) : ("user" as const),
    content,
    format: "text",
  }));
  const { signal } = new AbortController();
  const snapshot = snapshotOf({ agents, classifier });
  const turn = turnOf({ messages });
  const assigned = await assignAgent(turn, snapshot, { ...services, conversations }, { signal });
  expect(assigned).toMatchObject({ kind: "agent", agent: { name: "billing-agent" }, messages });
});

test.each([
  { name: "asks, where somebody else has the turn", agent: "third-agent", kind: "reply" },
  {
    name: "does not ask, where one of the two has the turn: it is answered",
    agent: "order-agent",
    kind: "agent",
  },
])("about two topics $name", async ({ agent, kind }) => {
  const accepting = (name: string): RoutingDecision =>
    decided({ decision: "accept", agent: name, capability: "c", confidence: 0.99 });
  const classifier: Classifier = {
    classify: async ({ message }) => accepting(message === "invoice" ? "billing-agent" : "order-agent"),
  };
  const answered = { role: "assistant", content: "Which paper?", agent } as const;
  const conversations = { find: () => ({ subset: "stable", messages: [answered] }) };
  const messages = ["where is it?", "Which paper?", "invoice or order slip"].map((content, index) => ({
    role: index === 1 ? ("assistant" as const) : ("user" as const),
    content,
    format: "text",
  }));
  const { signal } = new AbortController();
  const snapshot = snapshotOf({ agents, classifier });
  const assigned = await assignAgent(
    turnOf({ messages }),
    snapshot,
    { ...services, conversations },
    { signal },
  );
  expect(assigned.kind).toBe(kind);
});

describe("in the middle of a conversation", () => {
  const said = ["where is it?", "On its way.", "Friday, please."].map((content, index) => ({
    role: index === 1 ? ("assistant" as const) : ("user" as const),
    content,
    format: "text",
  }));
  const answered = { role: "assistant", content: "On its way.", agent: "order-agent" } as const;
  const asking = answering(decided({ decision: "ask", question: "Which?", choices, confidence: 0.5 }));

  test.each([
    { name: "goes on with the agent that has the turn", state: {}, kind: "agent" },
    { name: "asks when that agent has handed over", state: { handedOver: true }, kind: "reply" },
    { name: "asks when nobody is known to have it", state: { messages: [] }, kind: "reply" },
  ])("$name", async ({ state, kind }) => {
    const remembered = { subset: "stable", messages: [answered], ...state };
    const conversations = { find: () => remembered };
    const { signal } = new AbortController();
    const snapshot = snapshotOf({ agents, classifier: asking });
    const turn = turnOf({ messages: said });
    const assignment = await assignAgent(turn, snapshot, { ...services, conversations }, { signal });
    expect(assignment.kind).toBe(kind);
    if (assignment.kind !== "agent") return;
    expect(assignment).toMatchObject({ agent: { name: "order-agent" }, messages: said });
  });
});

test("a reply to a question that is kept chooses, whatever the classifier would ask today", async () => {
  const question = { text: "Is it about your bill or about a parcel?", choices };
  const conversations = { find: () => ({ subset: "stable", messages: [], question }) };
  const classifier: Classifier = { classify: () => Promise.reject(new Error("not asked")) };
  const messages = [
    { role: "user", content: "it is wrong", format: "text" },
    { role: "assistant", content: question.text, format: "text" },
    { role: "user", content: "the second", format: "text" },
  ] as const;
  const { signal } = new AbortController();
  const snapshot = snapshotOf({ agents, classifier });
  const turn = turnOf({ messages: [...messages] });
  const assignment = await assignAgent(turn, snapshot, { ...services, conversations }, { signal });
  expect(assignment).toMatchObject({
    kind: "agent",
    agent: { name: "order-agent" },
    messages: [{ content: "it is wrong" }],
  });
});

test("stops with the turn", async () => {
  const classifier: Classifier = { classify: (_request, { signal }) => Promise.reject(signal.reason) };
  const signal = AbortSignal.abort(new Error("gone"));
  await expect(
    assignAgent(turnOf(), snapshotOf({ agents, classifier }), services, { signal }),
  ).rejects.toThrow("gone");
});

describe("an explicit agent", () => {
  const snapshot = snapshotOf({ agents, classifier: undefined });
  test.each([
    { name: "is fine when it is wired", explicitAgent: "order-agent", code: undefined },
    { name: "is fine when none is named", explicitAgent: undefined, code: undefined },
    { name: "is unknown when it isn't wired", explicitAgent: "nobody", code: "unknown_agent" },
    { name: "is matched by case", explicitAgent: "Order-Agent", code: "unknown_agent" },
    { name: "is unknown when it is blank", explicitAgent: "", code: "unknown_agent" },
  ])("$name", ({ explicitAgent, code }) => {
    expect(checkExplicitAgent(turnOf({ explicitAgent }), snapshot)?.code).toBe(code);
  });
});
