/** Turns without a socket: what an agent's code may add to them. */
import { type Logger, silentLogger } from "@lmos/primitives";
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

function start(
  respond: (context: TurnContext) => Answer,
  logger: Logger = silentLogger,
): AsyncIterable<AgentResult> {
  const services = {
    clock: new FakeClock(),
    ids: new SequentialIds(),
    logger,
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

describe("a caller that reads slowly", () => {
  const manyNotes =
    (count: number, end: () => string) =>
    async ({ note }: TurnContext): Promise<string> => {
      for (let at = 0; at < count; at++) note(`note ${at}`);
      return end();
    };

  it("gets the first hundred notes, and the answer, which says how many others there were", async () => {
    const results = await resultsOf(manyNotes(1000, () => "done"));
    expect(results.map(({ messages }) => messages[0]?.content)).toEqual([
      ...Array.from({ length: 100 }, (_, at) => `note ${at}`),
      "done",
    ]);
    expect(results.at(-1)?.context).toEqual([{ key: "lmos.notes.dropped", value: "900" }]);
  });

  it("is told beside what the agent adds itself", async () => {
    const results = await resultsOf(async (context) => {
      context.setContext("seen", "yes");
      return manyNotes(102, () => "done")(context);
    });
    expect(results.at(-1)?.context).toEqual([
      { key: "seen", value: "yes" },
      { key: "lmos.notes.dropped", value: "2" },
    ]);
  });

  it("is told by an error, too", async () => {
    const results = await resultsOf(
      manyNotes(101, () => {
        throw new Error("broken");
      }),
    );
    expect(results.at(-1)).toMatchObject({
      type: "ERROR",
      context: [{ key: "lmos.notes.dropped", value: "1" }],
    });
  });

  it("is told nothing where all notes went", async () => {
    const results = await resultsOf(manyNotes(100, () => "done"));
    expect([results.length, results.at(-1)?.context]).toEqual([101, []]);
  });

  it("is in the log, once a turn", async () => {
    const lines: object[] = [];
    const logger: Logger = {
      ...silentLogger,
      warn: (message, fields) => void lines.push({ message, ...fields }),
      child: () => logger,
    };
    await Array.fromAsync(
      start(
        manyNotes(150, () => "done"),
        logger,
      ),
    );
    expect(lines).toEqual([{ message: "Notes were dropped, as their reader is too slow", notes: 50 }]);
  });
});

it.each([
  { name: "that is none", respond: nothing },
  { name: "that does not fit into a frame", respond: () => "\u0001".repeat(65_536) },
])("an answer $name ends as one ERROR with a safe text", async ({ respond }) => {
  expect(await resultsOf(respond)).toMatchObject([
    { type: "ERROR", messages: [{ content: "Something went wrong here. Please try again." }] },
  ]);
});
