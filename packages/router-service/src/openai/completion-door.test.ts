import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type RunningService, startService } from "../testing/running-service.ts";

let service: RunningService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service[Symbol.asyncDispose]());

const prompt = `Choose the agent.
[{"agentId": "billing", "descriptions": ["Shows bills"]}, {"agentId": "parcels", "descriptions": ["Finds parcels"]}]
Answer like {"reason": "it is clear", "agentId": "some-agent"}`;

/** As the Kotlin classifier writes it (recorded: langchain4j-openai). */
function request(message: string, schema = "ClassifiedAgentResult", instructions = prompt) {
  return {
    model: "gpt-3.5-turbo",
    messages: [
      { role: "system", content: instructions },
      { role: "user", content: message },
    ],
    temperature: 0,
    stream: false,
    max_tokens: 2000,
    response_format: {
      type: "json_schema",
      json_schema: { name: schema, strict: false, schema: { type: "object", properties: {}, required: [] } },
    },
  };
}

const completionSchema = z.object({
  object: z.literal("chat.completion"),
  model: z.literal("gpt-3.5-turbo"),
  choices: z.tuple([
    z.object({
      message: z.object({ role: z.literal("assistant"), content: z.string() }),
      finish_reason: z.literal("stop"),
    }),
  ]),
});

async function contentOf(body: unknown, path = "/v1/chat/completions"): Promise<unknown> {
  const answer = await service.send("POST", path, body);
  expect(answer.status).toBe(200);
  return JSON.parse(completionSchema.parse(answer.body).choices[0].message.content);
}

describe("POST /v1/chat/completions", () => {
  it.each([
    { message: "where is my parcel?", agentId: "parcels" },
    { message: "why is my bill so high?", agentId: "billing" },
    { message: "what is the capital of France?", agentId: null },
  ])("answers “$message” with $agentId", async ({ message, agentId }) => {
    expect(await contentOf(request(message))).toEqual({ reason: expect.any(String), agentId });
  });

  it("chooses only among the agents of the prompt", async () => {
    const only = '[{"agentId": "billing", "descriptions": ["Shows bills"]}]';
    expect(await contentOf(request("where is my parcel?", "ClassifiedAgentResult", only))).toMatchObject({
      agentId: null,
    });
  });

  it("knows agents of the prompt by their descriptions alone", async () => {
    const unknown =
      '[{"agentId": "weather", "descriptions": ["Tells how the weather will be"]}, {"agentId": "music", "descriptions": ["Plays a song"]}]';
    expect(
      await contentOf(request("how will the weather be", "ClassifiedAgentResult", unknown)),
    ).toMatchObject({
      agentId: "weather",
    });
  });

  it("answers a disambiguation with a question", async () => {
    expect(await contentOf(request("hello there", "DisambiguationResult"))).toMatchObject({
      topics: expect.any(Array),
      reasoning: expect.any(String),
      onlyConfirmation: false,
      confidence: expect.any(Number),
      clarificationQuestion: expect.stringMatching(/\?$/),
    });
    expect(await contentOf(request("where is my parcel?", "DisambiguationResult"))).toMatchObject({
      topics: ["Finds parcels", "Shows and explains bills"],
      onlyConfirmation: true,
      clarificationQuestion: "Is it about this: Finds parcels?",
    });
  });

  it("takes content in parts", async () => {
    const body = request("");
    const messages = [
      body.messages[0],
      { role: "user", content: [{ type: "text", text: "where is my parcel?" }] },
    ];
    expect(await contentOf({ ...body, messages })).toMatchObject({ agentId: "parcels" });
  });

  it.each([
    { name: "a prompt without agents", body: request("x", "X", "You are a poet."), code: "no_agents" },
    {
      name: "no user message",
      body: { messages: [{ role: "system", content: prompt }] },
      code: "no_user_message",
    },
    { name: "no messages", body: {}, code: "invalid_request" },
    { name: "a wish for a stream", body: { ...request("x"), stream: true }, code: "invalid_request" },
  ])("refuses $name in OpenAI's shape", async ({ body, code }) => {
    expect(await service.send("POST", "/v1/chat/completions", body)).toMatchObject({
      status: 400,
      body: { error: { type: "invalid_request_error", code, message: expect.any(String) } },
    });
  });
});

describe("POST /v1/chat/completions of the older router", () => {
  const agent = (name: string, description: string): string =>
    `<agent><name>${name}</name><description></description><capabilities><capability><name>c</name><description>${description}</description></capability></capabilities></agent>`;
  const list = `Choose of ${agent("billing-agent", "Bills")}${agent("parcels-agent", "Parcels")} and say {"agentName": "it"}.`;
  const asked = (message: string, instructions = list) => ({
    ...request(message, "", instructions),
    response_format: { type: "json_object" },
  });

  it.each([
    { message: "where is my parcel?", agentName: "parcels-agent" },
    { message: "why is my bill so high?", agentName: "billing-agent" },
    { message: "what is the capital of France?", agentName: "" },
  ])("answers “$message” with “$agentName”, by the examples of the agent of that name", async (row) => {
    expect(await contentOf(asked(row.message))).toEqual({ agentName: row.agentName });
  });

  it("knows agents of the prompt by their descriptions alone", async () => {
    const unknown = `${agent("weather", "Tells how the weather will be")}${agent("music", "Plays a song")} {"agentName": "it"}`;
    expect(await contentOf(asked("how will the weather be", unknown))).toEqual({ agentName: "weather" });
  });

  it("names an agent of the channel of the path, not its id", async () => {
    const path = "/openai/acme/web/v1/chat/completions";
    expect(await contentOf(asked("where is my parcel?", 'Say {"agentName": "it"}.'), path)).toEqual({
      agentName: "parcels-agent",
    });
  });
});

describe("POST /v1/chat/completions for a question", () => {
  it("reads the topics of its prompt", async () => {
    const topics =
      "Ask which one.\n\nTopic 'billing':\n  - Bills\n\nTopic 'parcels':\n  - Parcels\n\nBe kind.";
    const before = request("where is my parcel?", "DisambiguationResult", "You are at a hotline.");
    const messages = [...before.messages, { role: "system", content: topics }];
    expect(await contentOf({ ...before, messages })).toMatchObject({
      topics: ["Finds parcels", "Shows and explains bills"],
      clarificationQuestion: "Is it about this: Finds parcels?",
    });
  });
});

describe("POST /openai/{tenant}/{channel}/v1/chat/completions", () => {
  it("chooses among the channel's agents, whatever the prompt says", async () => {
    const path = "/openai/acme/web/v1/chat/completions";
    expect(await contentOf(request("where is my parcel?", "X", "no agents here"), path)).toMatchObject({
      agentId: "parcels",
    });
  });

  it("refuses a channel that nobody knows", async () => {
    const answer = await service.send("POST", "/openai/acme/nope/v1/chat/completions", request("x"));
    expect(answer).toMatchObject({ status: 400, body: { error: { code: "no_agents" } } });
  });
});

describe("GET /v1/models", () => {
  it("names one model", async () => {
    expect(JSON.parse((await service.get("/v1/models")).text)).toMatchObject({
      data: [{ id: "lmos-router" }],
    });
  });
});
