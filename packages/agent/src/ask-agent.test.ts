import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type AskAgentOptions, askAgent } from "./ask-agent.ts";
import type { Agent } from "./define-agent.ts";
import { defineAgent } from "./define-agent.ts";
import { createInProcessMemory } from "./in-process-memory.ts";
import { handover } from "./reply.ts";
import { scriptedModel } from "./scripted-model.ts";
import { testAgent } from "./test-agents.ts";
import { defineTool } from "./tool.ts";
import type { TurnContext } from "./turn-context.ts";

type Respond = Parameters<typeof testAgent>[1];

const quiet = {
  status: undefined,
  handedOverTo: undefined,
  notes: [],
  context: {},
  toolCalls: [],
  error: undefined,
};
const look = defineTool({
  name: "look",
  description: "Looks",
  parameters: z.object({ at: z.string() }),
  execute: ({ at }) => at.length,
});

async function* inPieces(): AsyncGenerator<string> {
  yield "Your bill ";
  yield "is 7 €.";
}

describe("of an agent that is asked one sees", () => {
  it.each<{
    readonly name: string;
    readonly respond: Respond;
    readonly options?: AskAgentOptions;
    readonly is: object;
  }>([
    { name: "its text", respond: ({ message }) => `You said ${message}.`, is: { text: "You said hello." } },
    { name: "a text that comes in pieces, as a whole", respond: inPieces, is: { text: "Your bill is 7 €." } },
    {
      name: "its status",
      respond: () => ({ content: "Hm.", status: "UNRESOLVED" }),
      is: { text: "Hm.", status: "UNRESOLVED" },
    },
    {
      name: "to whom it hands over",
      respond: () => handover({ to: "billing-agent", content: "One moment." }),
      is: { text: "One moment.", status: "AGENT_HANDOVER[billing-agent]", handedOverTo: "billing-agent" },
    },
    {
      name: "what it says on the way",
      respond: ({ note }) => {
        note("Looking …");
        note("Still looking …");
        return "Found.";
      },
      is: { text: "Found.", notes: ["Looking …", "Still looking …"] },
    },
    {
      name: "what it adds to the context, and which tools it calls",
      respond: async ({ call, setContext }) => {
        setContext("seen", "yes");
        return `${await call(look, { at: "four" })} letters`;
      },
      is: { text: "4 letters", context: { seen: "yes" }, toolCalls: ["look"] },
    },
    {
      name: "what it makes of what surrounds it",
      respond: ({ messages, conversationId, userId, user, system }: TurnContext) =>
        [
          messages.length,
          messages[0]?.content,
          conversationId,
          userId,
          user("name"),
          system("tenant"),
          system("none"),
        ].join(),
      options: {
        history: [
          { role: "user", content: "before" },
          { role: "assistant", content: "yes?" },
        ],
        ...{ conversationId: "c9", userId: "ada", user: { name: "Ada" }, system: { tenant: "acme" } },
      },
      is: { text: "3,before,c9,ada,Ada,acme," },
    },
    {
      name: "what others answer it",
      respond: async ({ ask }) => `They say: ${await ask("tell-time", "what time is it?")}`,
      options: { capabilities: { "tell-time": (text) => `noon (${text})` } },
      is: { text: "They say: noon (what time is it?)" },
    },
  ])("$name", async ({ respond, options, is }) => {
    expect(await askAgent(testAgent("one", respond), "hello", options)).toEqual({ ...quiet, ...is });
  });

  it("what its model says", async () => {
    const agent = defineAgent({
      name: "one",
      description: "Answers.",
      capabilities: [{ name: "answer", version: "1.0.0", description: "Answers", examples: [] }],
      supportedChannels: ["web"],
      model: scriptedModel([[{ kind: "text", text: "Hello" }]]),
      prompt: "You answer.",
    });
    expect(await askAgent(agent, "hello")).toEqual({ ...quiet, text: "Hello" });
  });
});

describe("an agent that fails", () => {
  it.each<{ readonly name: string; readonly respond: Respond; readonly error: unknown }>([
    {
      name: "by what it throws",
      respond: () => Promise.reject(new Error("secret")),
      error: { message: "secret" },
    },
    {
      name: "by what nobody offers",
      respond: ({ ask }) => ask("toString", "?"),
      error: { code: "AskFailed", message: expect.stringContaining('"toString": nobody offers it') },
    },
    {
      name: "by an answer that is too long",
      respond: () => "x".repeat(65_537),
      error: { code: "AnswerTooLong" },
    },
    {
      name: "by an input that a tool does not take",
      respond: async ({ call }) => String(await call(look, JSON.parse("{}"))),
      error: { code: "InvalidToolInput" },
    },
  ])("$name: its author sees why, its user does not", async ({ respond, error }) => {
    const asked = await askAgent(testAgent("one", respond), "hello");
    expect(asked.text).toBe("Something went wrong here. Please try again.");
    expect(asked.error).toMatchObject(error as object);
  });
});

it("several agents hand over to each other in one turn", async () => {
  const agents: readonly [Agent, Agent] = [
    testAgent("first", () => handover({ to: "second" })),
    testAgent("second", ({ message }) => `second hears ${message}`),
  ];
  expect(await askAgent(agents, "hello")).toEqual({ ...quiet, text: "second hears hello" });
});

it("a caller that leaves aborts the agent's signal, and hears why", async () => {
  const leaving = new AbortController();
  let reason: unknown;
  const waiting = testAgent("one", ({ signal }) => {
    const { promise, reject } = Promise.withResolvers<string>();
    signal.addEventListener("abort", () => {
      reason = signal.reason;
      reject(signal.reason);
    });
    return promise;
  });
  const asked = askAgent(waiting, "hello", { signal: leaving.signal });
  leaving.abort(new Error("left"));
  await expect(asked).rejects.toThrow("left");
  expect(reason).toEqual(new Error("left"));
});

describe("memory", () => {
  const writes = testAgent("writer", async ({ message, memory }) => {
    const [term, scope, value] = message.split(" ");
    const place = { term: term as "short" | "long", scope: scope as "agent" | "channel" | "tenant" };
    return String(await memory.set("city", value ?? "", place));
  });
  const reads = (name: string): Agent =>
    testAgent(name, async ({ message, memory }) => {
      const [term, scope] = message.split(" ");
      const place = { term: term as "short" | "long", scope: scope as "agent" | "channel" | "tenant" };
      const found = await memory.get("city", place);
      return found === undefined ? "nothing" : `${String(found.value)} by ${found.writtenBy.agent}`;
    });

  it.each([
    {
      name: "of a conversation is found in it",
      place: "short channel",
      reader: "other",
      in: { conversationId: "c1", userId: "ada" },
      is: "Bonn by writer",
    },
    {
      name: "of a conversation is not found in another one",
      place: "short channel",
      reader: "other",
      in: { conversationId: "c2", userId: "ada" },
      is: "nothing",
    },
    {
      name: "of a user is found in another conversation",
      place: "long tenant",
      reader: "other",
      in: { conversationId: "c2", userId: "ada" },
      is: "Bonn by writer",
    },
    {
      name: "of a user is not found for another one",
      place: "long tenant",
      reader: "other",
      in: { conversationId: "c1", userId: "bob" },
      is: "nothing",
    },
    {
      name: "of an agent is found by it",
      place: "short agent",
      reader: "writer",
      in: { conversationId: "c1", userId: "ada" },
      is: "Bonn by writer",
    },
    {
      name: "of an agent is not found by another one",
      place: "short agent",
      reader: "other",
      in: { conversationId: "c1", userId: "ada" },
      is: "nothing",
    },
  ])("$name", async ({ place, reader, in: where, is }) => {
    const memory = createInProcessMemory();
    const kept = await askAgent(writes, `${place} Bonn`, { memory, conversationId: "c1", userId: "ada" });
    expect(kept.text).toBe("true");
    expect((await askAgent(reads(reader), place, { memory, ...where })).text).toBe(is);
  });

  it.each([{ userId: undefined }, { userId: "" }, { userId: "anonymous" }])(
    "is not kept beyond the conversation for $userId, who is nobody",
    async ({ userId }) => {
      expect((await askAgent(writes, "long tenant Bonn", { userId })).text).toBe("false");
    },
  );

  it("is listed by key, deleted once, and holds copies", async () => {
    const owner = { agent: "one", conversationId: "c1", userId: "ada", turnId: "t1" };
    const memory = createInProcessMemory().memoryOf(owner);
    const value = { list: [1] };
    await memory.set("b", value);
    await memory.set("a", null);
    value.list.push(2);
    expect((await memory.list()).map((one) => [one.key, one.value])).toEqual([
      ["a", null],
      ["b", { list: [1] }],
    ]);
    expect([await memory.delete("a"), await memory.delete("a")]).toEqual([true, false]);
    expect(await memory.list({ term: "long" })).toEqual([]);
  });
});
