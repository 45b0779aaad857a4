import { silentLogger } from "@lmos/primitives";
import { simulateReadableStream } from "ai";
import { MockLanguageModelV4 } from "ai/test";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { aiSdkModel } from "./ai-sdk-model.ts";
import { answerWithModel } from "./answer-with-model.ts";
import type { ChatEvent, ChatModel } from "./chat-model.ts";
import { createAgentMemory } from "./memory.ts";
import { scriptedModel } from "./scripted-model.ts";
import { defineTool } from "./tool.ts";
import type { TurnContext } from "./turn-context.ts";

const lookup = defineTool({
  name: "lookup",
  description: "Finds an invoice",
  parameters: z.object({ id: z.number() }),
  execute: ({ id }) => {
    if (id === 13) throw new Error("no such invoice");
    return { id, total: 7 };
  },
});

const context: TurnContext = {
  message: "invoice 1?",
  messages: [{ role: "user", content: "invoice 1?", format: "text" }],
  conversationId: "c1",
  turnId: "t1",
  signal: new AbortController().signal,
  logger: silentLogger,
  system: () => undefined,
  user: () => undefined,
  setContext: () => undefined,
  note: () => undefined,
  memory: createAgentMemory({
    url: undefined,
    logger: silentLogger,
    signal: new AbortController().signal,
  }),
  ask: () => Promise.reject(new TypeError("nobody to ask")),
  call: (tool, input) => tool.call(input, context),
};

async function answer(model: ChatModel): Promise<readonly string[]> {
  const pieces: string[] = [];
  for await (const piece of answerWithModel({ model, prompt: () => "Be kind", tools: [lookup] }, context)) {
    pieces.push(piece);
  }
  return pieces;
}

function text(said: string): ChatEvent {
  return { kind: "text", text: said };
}

function callOf(name: string, input: unknown): ChatEvent {
  return { kind: "tool-call", call: { id: "1", name, input } };
}

describe("answerWithModel", () => {
  it("gives the pieces of a plain answer, and tells the model prompt, history and tools", async () => {
    const model = scriptedModel([[text("It is "), text("paid.")]]);
    expect(await answer(model)).toEqual(["It is ", "paid."]);
    expect(model.requests).toMatchObject([
      {
        instructions: "Be kind",
        messages: [{ role: "user", content: "invoice 1?" }],
        tools: [{ name: "lookup", inputSchema: { properties: { id: { type: "number" } } } }],
      },
    ]);
  });

  it.each([
    { name: "its output", call: callOf("lookup", { id: 1 }), told: '{"id":1,"total":7}' },
    { name: "that it failed", call: callOf("lookup", { id: 13 }), told: "The tool failed: no such invoice" },
    {
      name: "that the input is wrong",
      call: callOf("lookup", { id: "x" }),
      told: expect.stringContaining("expected number"),
    },
    { name: "that there is none", call: callOf("nope", {}), told: 'There is no tool "nope".' },
  ])("tells the model of a tool call $name, and goes on", async ({ call, told }) => {
    const model = scriptedModel([[text("Let me see."), call], [text("Done.")]]);
    expect(await answer(model)).toEqual(["Let me see.", "\n\n", "Done."]);
    expect(model.requests[1]?.messages.slice(1)).toMatchObject([
      { role: "assistant", content: "Let me see." },
      { role: "tool", content: told },
    ]);
  });

  it("gives up on a model that never stops asking for tools", async () => {
    const model = scriptedModel(Array.from({ length: 31 }, () => [callOf("lookup", { id: 1 })]));
    await expect(answer(model)).rejects.toMatchObject({ code: "TooManyToolRounds" });
    expect(model.requests).toHaveLength(30);
  });
});

describe("aiSdkModel", () => {
  const usage = { inputTokens: { total: 1 }, outputTokens: { total: 1 } };

  it("streams rounds of text and tools through the AI SDK", async () => {
    const rounds: unknown[][] = [
      [{ type: "tool-call", toolCallId: "1", toolName: "lookup", input: '{"id":1}' }, finish("tool-calls")],
      [
        { type: "text-start", id: "t" },
        { type: "text-delta", id: "t", delta: "7 " },
        { type: "text-delta", id: "t", delta: "Euro" },
        { type: "text-end", id: "t" },
        finish("stop"),
      ],
    ];
    const model = new MockLanguageModelV4({
      doStream: async () => ({ stream: simulateReadableStream({ chunks: rounds.shift() ?? [] }) }) as never,
    });
    expect(await answer(aiSdkModel(model))).toEqual(["7 ", "Euro"]);
    expect(model.doStreamCalls[1]?.prompt).toMatchObject([
      { role: "system", content: "Be kind" },
      { role: "user" },
      { role: "assistant", content: [{ type: "tool-call", toolName: "lookup", input: { id: 1 } }] },
      { role: "tool", content: [{ output: { type: "text", value: '{"id":1,"total":7}' } }] },
    ]);
  });

  it("throws ModelFailed with the cause when the model fails", async () => {
    const cause = new Error("quota");
    const model = new MockLanguageModelV4({ doStream: () => Promise.reject(cause) });
    await expect(answer(aiSdkModel(model))).rejects.toMatchObject({ code: "ModelFailed", cause });
  });

  function finish(reason: string) {
    return { type: "finish", finishReason: { unified: reason, raw: reason }, usage };
  }
});
