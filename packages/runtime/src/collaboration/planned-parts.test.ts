/** Messages for several agents over HTTP, planned by a language model that answers from a script. */
import { readEvents } from "@lmos/primitives";
import type { ChatModel } from "@lmos/router";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type FakeAgent, startFakeAgent } from "../testing/fake-agent.ts";
import { routingOf } from "../testing/routings.ts";
import {
  messageBody,
  postMessage,
  type RunningRuntime,
  startTestRuntime,
} from "../testing/running-runtime.ts";

const message = "why is my bill so high, and track my parcel";
type Divide = NonNullable<ChatModel["divide"]>;

let agent: FakeAgent;
let running: RunningRuntime;
let plan: (ids: Readonly<Record<"billing" | "orders", string>>) => unknown;
let asked: number;

const divide: Divide = async ({ candidates }) => {
  asked += 1;
  const idOf = (topic: string): string =>
    candidates.find(({ examples }) => examples.some((example) => example.includes(topic)))?.id ?? "?";
  return JSON.stringify(plan({ billing: idOf("bill"), orders: idOf("parcel") }));
};

beforeAll(async () => {
  agent = await startFakeAgent();
  const host = `127.0.0.1:${agent.port}`;
  running = await startTestRuntime({
    chatModel: { id: "scripted", choose: async () => "", divide },
    objects: [
      routingOf([
        {
          name: "billing",
          host,
          examples: [
            "why is my bill so high",
            "send me my bill",
            "I do not understand my bill",
            "pay my bill",
          ],
        },
        {
          name: "orders",
          host,
          examples: [
            "track my parcel",
            "where is my parcel",
            "my parcel is late",
            "deliver my parcel tomorrow",
          ],
        },
      ]),
    ],
  });
});
afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await agent[Symbol.asyncDispose]();
});
beforeEach(() => {
  asked = 0;
  plan = ({ billing, orders }) => ({
    parts: [
      { id: billing, text: "which parcel is on my bill?", needs: [] },
      { id: orders, text: "track that parcel", needs: [1] },
    ],
  });
});

interface Event {
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

async function stream(content: string, conversation: string): Promise<readonly Event[]> {
  const body = messageBody(content).replace(',"explicitAgent":"agent-0"', "");
  const response = await postMessage(running, body, {
    conversation,
    headers: { accept: "text/event-stream" },
  });
  const events: Event[] = [];
  for await (const { event, data } of readEvents(response.body ?? new ReadableStream())) {
    events.push({ event, data: JSON.parse(data) });
  }
  return events;
}

const dataOf = (events: readonly Event[], name: string) =>
  events.filter(({ event }) => event === name).map(({ data }) => data);

/** What the agent was told in each turn of a conversation, in the order in which it was asked. */
function told(conversation: string): readonly (readonly string[])[] {
  return agent.seen.flatMap(({ frame }) => {
    const text = JSON.stringify(frame ?? {});
    if (frame?.["type"] !== "subscribe" || !text.includes(`"${conversation}"`)) return [];
    const { payload } = JSON.parse(text);
    return [payload.variables.request.messages.map(({ content }: { readonly content: string }) => content)];
  });
}

describe("a planned message", () => {
  test("reaches its agents in order, the second with the first one's answer, and comes back as one", async () => {
    const events = await stream(message, "in-order");
    expect(asked).toBe(1);
    expect(dataOf(events, "routing")).toMatchObject([
      { decision: "accept", parts: [{ agent: "billing" }, { agent: "orders", needs: [0] }] },
    ]);
    expect(dataOf(events, "part").map(({ agent: name, state }) => `${name} ${state}`)).toEqual([
      "billing started",
      "billing answered",
      "orders started",
      "orders answered",
    ]);
    const [first, second] = told("in-order");
    expect(first).toEqual(["which parcel is on my bill?"]);
    expect(second).toEqual([
      "which parcel is on my bill?",
      expect.stringContaining("bill"),
      "track that parcel",
    ]);
    const [{ content } = { content: "" }] = dataOf(events, "message");
    expect(content).toMatch(/which parcel is on my bill\? \(billing\)\n\n.*track that parcel \(orders\)$/);
    expect(events.at(-1)?.event).toBe("turn-end");
  });

  test("says which part failed, and does not ask what needs it", async () => {
    plan = ({ billing, orders }) => ({
      parts: [
        { id: billing, text: "!error which parcel?", needs: [] },
        { id: orders, text: "track that parcel", needs: [1] },
        { id: orders, text: "where are the others?", needs: [] },
      ],
    });
    const events = await stream(message, "failing");
    expect(told("failing")).toHaveLength(2);
    const states = dataOf(events, "part").map(({ state }) => state);
    expect(states.toSorted()).toEqual(["answered", "failed", "skipped", "started", "started"]);
    const [{ content } = { content: "" }] = dataOf(events, "message");
    expect(content).toContain("no answer at the moment to: “!error which parcel?”");
    expect(content).toContain("it depends on that: “track that parcel”");
    expect(content).toContain("where are the others? (orders)");
  });

  test("is one question when the model says so", async () => {
    plan = ({ orders }) => ({ parts: [{ id: orders, text: "x", needs: [] }] });
    const events = await stream(message, "one");
    expect(dataOf(events, "part")).toEqual([]);
    expect(told("one")).toHaveLength(dataOf(events, "routing")[0]?.["decision"] === "accept" ? 1 : 0);
  });

  test.each([
    { name: "names an agent that is not wired", given: { parts: [{ id: "admin", text: "x", needs: [] }] } },
    { name: "has a circle", given: { parts: [{ id: "c1", text: "x", needs: [1] }] } },
    { name: "is prose", given: "billing, then orders" },
  ])("is divided by its pieces when the plan $name", async ({ name, given }) => {
    plan = () => given;
    const conversation = name.replaceAll(" ", "-");
    const events = await stream(message, conversation);
    expect(asked).toBe(1);
    expect(dataOf(events, "part").every(({ agent: each }) => each === "billing" || each === "orders")).toBe(
      true,
    );
    for (const messages of told(conversation)) expect(messages.join()).not.toBe("x");
  });

  test.each(["why is my bill so high", "track my parcel, please", "hello and good morning to you"])(
    "is not asked about when it is “%s”",
    async (content) => {
      await stream(content, "single");
      expect(asked).toBe(0);
    },
  );
});
