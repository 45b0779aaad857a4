import { MockLanguageModelV4 } from "ai/test";
import { describe, expect, it } from "vitest";
import { RouterError } from "../errors.ts";
import { createAiSdkChatModel } from "./ai-sdk-chat-model.ts";

const { signal } = new AbortController();
const onUsage = (): void => undefined;
const usage = {
  inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 1, text: 1, reasoning: 0 },
};
type Usage = Awaited<ReturnType<MockLanguageModelV4["doGenerate"]>>["usage"];
const request = {
  system: "Choose.",
  candidates: [{ id: "k1", description: "bills", examples: ["why so high?"] }],
  message: '[{"role":"user","content":"my bill"}]',
  ids: ["k1", "none"],
};

/** A model that says one thing, and what it was asked. */
function saying(text: string, used: Usage = usage) {
  const sdkModel = new MockLanguageModelV4({
    provider: "scripted",
    modelId: "m1",
    doGenerate: async () => ({
      content: [{ type: "text", text }],
      finishReason: { unified: "stop", raw: "stop" },
      usage: used,
      warnings: [],
    }),
  });
  return { model: createAiSdkChatModel(sdkModel), asked: () => sdkModel.doGenerateCalls[0] };
}

describe("a model of the AI SDK", () => {
  it("is called what it is", () => {
    expect(saying("").model.id).toBe("ai-sdk:scripted/m1");
  });

  it("is asked once, with a schema that allows the offered ids and no others", async () => {
    const { model, asked } = saying('{"id":"k1","question":null}');
    expect(await model.choose(request, { signal, onUsage })).toBe('{"id":"k1","question":null}');
    expect(asked()).toMatchObject({
      temperature: 0,
      maxOutputTokens: 100,
      prompt: [{ role: "system", content: "Choose." }, { role: "user" }],
      responseFormat: {
        type: "json",
        name: "choice",
        schema: { properties: { id: { enum: ["k1", "none"] } } },
      },
    });
    expect(JSON.stringify(asked()?.prompt)).toContain("why so high?");
  });

  it("divides a message", async () => {
    const plan = '{"parts":[{"id":"k1","text":"my bill","needs":[]}]}';
    const { model, asked } = saying(plan);
    expect(await model.divide?.({ ...request, maxParts: 3 }, { signal, onUsage })).toBe(plan);
    expect(asked()).toMatchObject({ responseFormat: { name: "plan" } });
  });

  it.each([
    { name: "prose", text: "I would say the bill one." },
    { name: "an id that was not offered", text: '{"id":"k9","question":null}' },
    { name: "a cut answer", text: '{"id":"k' },
    { name: "a list", text: "[]" },
  ])("hands on $name as it came: whoever asked judges it", async ({ text }) => {
    expect(await saying(text).model.choose(request, { signal, onUsage })).toBe(text);
  });

  it("that fails is unavailable, with the cause, and is not asked again", async () => {
    const cause = new Error("quota exceeded");
    let calls = 0;
    const model = createAiSdkChatModel(
      new MockLanguageModelV4({
        doGenerate: () => {
          calls += 1;
          return Promise.reject(cause);
        },
      }),
    );
    const failure = await model.choose(request, { signal, onUsage }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(RouterError);
    expect(failure).toMatchObject({
      code: "ModelUnavailable",
      cause,
      message: expect.stringContaining("quota"),
    });
    expect(calls).toBe(1);
  });

  it("is left as soon as the signal says so, with its reason", async () => {
    const controller = new AbortController();
    const reason = new Error("too late");
    const model = createAiSdkChatModel(
      new MockLanguageModelV4({
        doGenerate: ({ abortSignal }) =>
          new Promise((_resolve, reject) => {
            abortSignal?.addEventListener("abort", () => reject(abortSignal.reason));
            controller.abort(reason);
          }),
      }),
    );
    await expect(model.choose(request, { signal: controller.signal, onUsage })).rejects.toBe(reason);
  });
});

describe("S12 the tokens of a model of the AI SDK", () => {
  const usedOf = (input: number | undefined, output: number | undefined) => ({
    inputTokens: { total: input, noCache: input, cacheRead: undefined, cacheWrite: undefined },
    outputTokens: { total: output, text: output, reasoning: undefined },
  });
  async function reportedBy(text: string, input: number | undefined, output: number | undefined) {
    const told: unknown[] = [];
    const { model } = saying(text, usedOf(input, output));
    await model.choose(request, { signal, onUsage: (each) => told.push(each) });
    return told;
  }

  it.each(['{"id":"k1","question":null}', "I would say the bill one."])("are told with %s", async (text) => {
    expect(await reportedBy(text, 210, 12)).toEqual([{ input: 210, output: 12, source: "reported" }]);
  });

  it("are not told where the provider counts none", async () => {
    expect(await reportedBy('{"id":"k1","question":null}', undefined, undefined)).toEqual([]);
  });
});
