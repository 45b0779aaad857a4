/** Turns without a socket: what an agent's code may add to them. */
import { silentLogger } from "@lmos/primitives";
import type { AgentRequest, AgentResult } from "@lmos/protocol";
import { FakeClock, SequentialIds } from "@lmos/testing";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type Agent, defineAgent } from "./define-agent.ts";
import type { Answer } from "./reply.ts";
import { runTurn } from "./run-turn.ts";
import { defineTool } from "./tool.ts";
import type { TurnContext } from "./turn-context.ts";

const request: AgentRequest = {
  messages: [{ role: "user", content: "hi", format: "text" }],
  conversationContext: { conversationId: "c1", turnId: "t1" },
  systemContext: [{ key: "lmos.notes", value: "true" }],
  userContext: { profile: [] },
};

function agentOf(respond: (context: TurnContext) => Answer): Agent {
  return defineAgent({
    name: "test-agent",
    description: "Tests.",
    capabilities: [{ name: "test", version: "1.0.0", description: "Tests", examples: [] }],
    supportedChannels: ["web"],
    respond,
  });
}

function start(respond: (context: TurnContext) => Answer): AsyncIterable<AgentResult> {
  const services = {
    clock: new FakeClock(),
    ids: new SequentialIds(),
    logger: silentLogger,
    timeoutMs: 1000,
  };
  const { signal } = new AbortController();
  return runTurn({ request, caller: {} }, { ...services, agents: [agentOf(respond)] }, { signal });
}

async function resultsOf(respond: (context: TurnContext) => Answer): Promise<readonly AgentResult[]> {
  const results: AgentResult[] = [];
  for await (const result of start(respond)) results.push(result);
  return results;
}

/** As an author without types may write it. */
function nothing(): string {
  const value: unknown = undefined;
  return value as string;
}

const look = defineTool({
  name: "look",
  description: "Looks",
  parameters: z.object({ at: z.string() }),
  execute: ({ at }) => at.length,
});

describe("an agent's code is told, and may go on, when it adds", () => {
  const additions: readonly {
    readonly name: string;
    readonly add: (context: TurnContext) => unknown;
    readonly told: RegExp;
  }[] = [
    {
      name: "too much context",
      add: ({ setContext }) => setContext("k", "x".repeat(20_000)),
      told: /context "k"/,
    },
    {
      name: "too long a note",
      add: ({ note }) => note("x".repeat(8193)),
      told: /a note has 8193 characters; take at most 8192/,
    },
    {
      name: "too large an input",
      add: ({ call }) => call(look, { at: "x".repeat(70_000) }),
      told: /tool "look"/,
    },
  ];
  it.each(additions)("$name", async ({ add, told }) => {
    const [result] = await resultsOf(async (context) => {
      try {
        await add(context);
        return "added";
      } catch (error) {
        return String(error);
      }
    });
    expect(result?.messages[0]?.content).toMatch(told);
    expect([result?.type, result?.context, result?.toolCalls]).toEqual(["MESSAGE", [], []]);
  });
});

it("what was added is in the result", async () => {
  const [result] = await resultsOf(async ({ call, setContext }) => {
    setContext("seen", "yes");
    return String(await call(look, { at: "abc" }));
  });
  expect(result).toMatchObject({
    messages: [{ content: "3" }],
    context: [{ key: "seen", value: "yes" }],
    toolCalls: [{ name: "look", arguments: '{"at":"abc"}' }],
  });
});

it("a caller that reads slowly gets the first hundred notes, and the answer", async () => {
  const results = start(async ({ note }) => {
    for (let at = 0; at < 1000; at++) note(`note ${at}`);
    return "done";
  });
  const read: string[] = [];
  for await (const { messages } of results) read.push(messages[0]?.content ?? "");
  expect(read).toEqual([...Array.from({ length: 100 }, (_, at) => `note ${at}`), "done"]);
});

it.each([
  { name: "that is none", respond: nothing },
  { name: "that does not fit into a frame", respond: () => "\u0001".repeat(65_536) },
])("an answer $name ends as one ERROR with a safe text", async ({ respond }) => {
  expect(await resultsOf(respond)).toMatchObject([
    { type: "ERROR", messages: [{ content: "Something went wrong here. Please try again." }] },
  ]);
});
