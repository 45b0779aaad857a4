import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { FakeClock, SeededRandom } from "@lmos/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Classifier, RoutingDecision } from "../model.ts";
import { ask, decidedWithout, doubtful, embedding, index } from "../testing/doubtful-message.ts";
import { createHybridClassifier } from "./hybrid-classifier.ts";
import { createOpenAiChatModel } from "./openai-chat-model.ts";

const { signal } = new AbortController();

describe("createOpenAiChatModel", () => {
  const server = createServer((request, response) => {
    request.resume().on("end", () => reply(response));
  });
  let reply: (response: ServerResponse) => void = (response) => response.end();
  const clock = new FakeClock();
  let baseUrl: string;
  beforeAll(async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    server.listen(0, "127.0.0.1", resolve);
    await promise;
    const address = server.address();
    baseUrl = `http://127.0.0.1:${isAddress(address) ? address.port : 0}/v1/`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const isAddress = (address: AddressInfo | string | null): address is AddressInfo =>
    typeof address === "object" && address !== null;
  const completion = (content: unknown, usage?: unknown): string =>
    JSON.stringify({ choices: [{ message: { content } }], usage });
  const classifierOver = (more: { readonly apiKey?: string } = {}): Classifier =>
    createHybridClassifier({
      index,
      embedding,
      model: createOpenAiChatModel({ baseUrl, model: "m", ...more }),
      clock,
      random: new SeededRandom(1),
    });
  const classify = (): Promise<RoutingDecision> =>
    classifierOver({ apiKey: "k" }).classify(ask(doubtful), { signal });

  it("divides by the answer of a server, within the time and the size of its calls", async () => {
    const plan = { parts: [{ id: "c1", text: "where is it?", needs: [] }] };
    reply = (response) => response.end(completion(JSON.stringify(plan)));
    const classifier = classifierOver();
    const request = { ...ask(doubtful), pieces: [doubtful] };
    expect(await classifier.plan?.(request, { signal })).toMatchObject([{ text: "where is it?", needs: [] }]);
    reply = (response) => response.writeHead(500).end();
    expect(await classifier.plan?.(request, { signal })).toBeUndefined();
  });

  it("is asked again after any number of refusals: what one user provokes takes it from nobody", async () => {
    let asked = 0;
    reply = (response) => {
      asked += 1;
      response.end(completion(null));
    };
    const classifier = classifierOver();
    for (let i = 0; i < 10; i++) await classifier.classify(ask(doubtful), { signal });
    expect(asked).toBe(10);
  });

  describe("S12 tells the tokens that the server counted", () => {
    const request = { system: "Choose.", candidates: [], message: "hello", ids: ["c1"] };
    const asked = async (): Promise<readonly unknown[]> => {
      const told: unknown[] = [];
      const onUsage = (usage: unknown): void => void told.push(usage);
      const model = createOpenAiChatModel({ baseUrl, model: "m" });
      await model.choose(request, { signal, onUsage }).catch(() => undefined);
      return told;
    };

    it.each([
      {
        name: "with its answer",
        body: completion('{"id":"c1"}', { prompt_tokens: 80, completion_tokens: 7 }),
      },
      {
        name: "with more about them than that",
        body: completion('{"id":"c1"}', {
          ...{ prompt_tokens: 80, completion_tokens: 7, total_tokens: 87 },
          prompt_tokens_details: { cached_tokens: 3 },
        }),
      },
      { name: "with a refusal", body: completion(null, { prompt_tokens: 80, completion_tokens: 7 }) },
      { name: "without an answer", body: '{"usage":{"prompt_tokens":80,"completion_tokens":7}}' },
    ])("$name", async ({ body }) => {
      reply = (response) => response.end(body);
      expect(await asked()).toEqual([{ input: 80, output: 7, source: "reported" }]);
    });

    it.each([
      undefined,
      null,
      "87",
      [],
      {},
      { total_tokens: 87 },
      { prompt_tokens: -1, completion_tokens: 7 },
    ])("but nothing where it says %j", async (usage) => {
      reply = (response) => response.end(completion('{"id":"c1"}', usage));
      expect(await asked()).toEqual([]);
    });
  });

  it("routes by the answer of a server", async () => {
    reply = (response) => response.end(completion('{"id":"c1"}'));
    expect(await classify()).toMatchObject({ decision: "accept", explanation: { stage: "llm" } });
  });

  it.each<{ name: string; failure: string; answer: (response: ServerResponse) => void }>([
    { name: "429", failure: "unavailable", answer: (response) => response.writeHead(429).end("slow down") },
    { name: "500", failure: "unavailable", answer: (response) => response.writeHead(500).end() },
    {
      name: "a redirect",
      failure: "unavailable",
      answer: (r) => r.writeHead(302, { location: "/v2" }).end(),
    },
    { name: "a cut connection", failure: "unavailable", answer: (response) => response.destroy() },
    {
      name: "a cut answer",
      failure: "unavailable",
      answer: (r) => {
        r.writeHead(200, { "content-length": 99 });
        r.write("{", () => r.destroy());
      },
    },
    { name: "no JSON", failure: "unavailable", answer: (response) => response.end("<html>") },
    { name: "no completion", failure: "unavailable", answer: (response) => response.end('{"choices":[]}') },
    {
      name: "a refusal without text",
      failure: "invalid-answer",
      answer: (response) => response.end(completion(null)),
    },
    {
      name: "something else than text",
      failure: "invalid-answer",
      answer: (response) => response.end(completion({ id: "c1" })),
    },
    {
      name: "a huge answer",
      failure: "unavailable",
      answer: (response) => response.end("x".repeat(100_000)),
    },
    {
      name: "prose",
      failure: "invalid-answer",
      answer: (response) => response.end(completion("c1, I think")),
    },
    { name: "silence", failure: "timeout", answer: () => void clock.advance(1500) },
  ])("answers with the vectors for $name", async ({ answer, failure }) => {
    reply = answer;
    expect(await classify()).toEqual(await decidedWithout(failure));
  });
});
