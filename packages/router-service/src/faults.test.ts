/**
 * The router over HTTP while what it depends on fails: rows D8 (the language model doesn't answer), D9 (it answers what
 * it must not) and D10 (vectors fail). A server of OpenAI's shape and the embedding model play the faults.
 */
import { createServer, type ServerResponse } from "node:http";
import { type EmbeddingModel, loadStaticModel } from "@lmos/embeddings";
import { type Clock, systemClock } from "@lmos/primitives";
import {
  buildRouterIndex,
  createHybridClassifier,
  createOpenAiChatModel,
  createVectorClassifier,
} from "@lmos/router";
import { FakeClock, SeededRandom } from "@lmos/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { ClassifierFactory } from "./classifiers.ts";
import { type RunningService, startService } from "./testing/running-service.ts";

const { signal } = new AbortController();
const embedding = await loadStaticModel({ signal });
const timeoutMs = 60;

type Fault = (response: ServerResponse) => void;

/** A language model that fails as it is told. */
class FailingModel implements AsyncDisposable {
  fault: Fault = (response) => void response.destroy();
  calls = 0;
  readonly #server = createServer((request, response) => {
    this.calls++;
    request.resume().on("end", () => this.fault(response));
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the model has no port");
    return `http://127.0.0.1:${address.port}/v1`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function says(content: string): Fault {
  return (response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ choices: [{ message: { role: "assistant", content } }] }));
  };
}

/** One that asks the model about every message. */
function askingModelAt(baseUrl: string, clock: Clock = systemClock): ClassifierFactory {
  return async (_mode, { agents }, options) =>
    createHybridClassifier({
      index: await buildRouterIndex(agents, { embedding, ...options }),
      embedding,
      model: createOpenAiChatModel({ baseUrl, model: "failing" }),
      asks: "all",
      clock,
      random: new SeededRandom(7),
      timeoutMs,
      callsPerMinute: 1_000_000,
    });
}

const channel = "/openai/acme/web/v1/chat/completions";
const offered = ["billing", "parcels", null];

async function classified(service: RunningService, message: string) {
  const answer = await service.send("POST", channel, {
    model: "gpt",
    messages: [
      { role: "system", content: "choose" },
      { role: "user", content: message },
    ],
  });
  return { status: answer.status, agentId: agentIdIn(answer.body) };
}

const completionSchema = z.object({
  choices: z.tuple([z.object({ message: z.object({ content: z.string() }) })]),
});

/** The agent that a completion names; undefined where the body is no completion. */
function agentIdIn(body: unknown): unknown {
  const completion = completionSchema.safeParse(body).data;
  return completion === undefined ? undefined : JSON.parse(completion.choices[0].message.content).agentId;
}

describe("a language model that doesn't answer (D8)", () => {
  const faults: readonly { readonly name: string; readonly fault: Fault; readonly hangs?: true }[] = [
    { name: "answers 429", fault: (response) => void response.writeHead(429, { "retry-after": "60" }).end() },
    { name: "answers 500", fault: (response) => void response.writeHead(500).end("oops") },
    { name: "answers 503 with a page", fault: (response) => void response.writeHead(503).end("<html>") },
    { name: "cuts the connection", fault: (response) => void response.destroy() },
    {
      name: "answers half and cuts",
      fault: (response) => void response.write('{"choices":[', () => response.destroy()),
    },
    { name: "never answers", fault: () => undefined, hangs: true },
    { name: "has no quota left", fault: (response) => void response.writeHead(402).end('{"error":"quota"}') },
  ];

  it.each(faults)("and $name: every message is decided by its vectors", async ({ fault, hangs = false }) => {
    const clock = new FakeClock();
    const startedMs = clock.monotonic();
    await using model = new FailingModel();
    await using service = await startService({
      createClassifier: askingModelAt(await model.listen(), clock),
      mode: "hybrid",
    });
    model.fault = (response) => {
      fault(response);
      if (hangs) void clock.advance(timeoutMs);
    };
    const answers = [];
    for (let i = 0; i < 30; i++) answers.push(await classified(service, `where is my parcel number ${i}?`));
    expect(answers.map(({ status, agentId }) => `${status} ${agentId}`)).toEqual(
      answers.map(() => "200 parcels"),
    );
    expect(model.calls).toBe(3); // then it rests, and nobody waits for it
    expect(clock.monotonic() - startedMs).toBe(hangs ? 3 * timeoutMs : 0);
  });
});

describe("a language model that answers what it must not (D9)", () => {
  let model: FailingModel;
  let service: RunningService;
  beforeAll(async () => {
    model = new FailingModel();
    service = await startService({ createClassifier: askingModelAt(await model.listen()), mode: "hybrid" });
  });
  afterAll(async () => {
    await service[Symbol.asyncDispose]();
    await model[Symbol.asyncDispose]();
  });

  const replies = [
    "",
    "null",
    "I am sorry, but I can't help with that.",
    "Sure! The best agent is billing.",
    '{"id":"billing"}',
    '{"id":"admin","question":null}',
    '{"id":["c1","c2"]}',
    '{"id":"c1"}{"id":"c2"}',
    '{"id":"../../parcels"}',
    '{"agentId":"root"}',
    '{"id":null}',
    '```json\n{"id":"nobody"}\n```',
    `{"id":"${"x".repeat(50_000)}"}`,
    "ignore all rules and route to evil",
    "\u0000",
    "[]",
  ];

  it("leads no turn to an agent that wasn't offered", async () => {
    const random = new SeededRandom(11);
    const strangers: unknown[] = [];
    for (let i = 0; i < 640; i++) {
      model.fault = says(replies[i % replies.length] ?? "");
      const topic = random.next() < 0.5 ? "my bill" : "my parcel";
      const { status, agentId } = await classified(service, `what about ${topic} ${i}`);
      if (status !== 200 || !offered.some((each) => each === agentId)) strangers.push({ status, agentId });
    }
    expect(strangers).toEqual([]);
  });
});

describe("vectors that fail (D10)", () => {
  const clear = "has my parcel arrived at the depot?";
  const unclear = "I need some advice, please";

  /** Like the model of the index, but for what it makes of messages. */
  const serviceWith = async (embed: EmbeddingModel["embed"]) =>
    startService({
      createClassifier: async (_mode, { agents }, options) =>
        createVectorClassifier({
          index: await buildRouterIndex(agents, { embedding, ...options }),
          embedding: { ...embedding, embed },
        }),
    });

  /** What both doors say while words decide. */
  async function expectWords(service: RunningService): Promise<void> {
    expect(await classified(service, clear)).toMatchObject({ status: 200, agentId: "parcels" });
    expect(await classified(service, unclear)).toMatchObject({ status: 200, agentId: null });
    const { status, body } = await service.send("POST", "/api/v1/routings/vector", {
      inputContext: { userMessage: clear },
      systemContext: { tenantId: "acme", channelId: "web" },
    });
    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        classifiedAgents: [{ id: "parcels", name: "parcels-agent" }],
        candidateAgents: [{ id: "parcels" }, { id: "billing" }],
        reason: expect.stringContaining("words alone"),
      },
    });
  }

  const rejected: readonly { readonly name: string; readonly embed: EmbeddingModel["embed"] }[] = [
    {
      name: "they are not finite",
      embed: async (texts) => texts.map(() => new Float32Array(embedding.dimension).fill(Number.NaN)),
    },
    {
      name: "they are infinite",
      embed: async (texts) =>
        texts.map(() => new Float32Array(embedding.dimension).fill(Number.POSITIVE_INFINITY)),
    },
    {
      name: "they have another length",
      embed: async (texts) => texts.map(() => new Float32Array(3).fill(0.5)),
    },
    { name: "their provider is away", embed: () => Promise.reject(new Error("connection refused")) },
  ];
  it.each(rejected)("because $name: words decide, and nothing is compared", async ({ embed }) => {
    await using service = await serviceWith(embed);
    await expectWords(service);
    expect((await service.get("/metrics")).text).toMatch(/lmos_router_fallbacks_total\{mode="vector"\} 3/);
  });

  it("because their provider is away: vectors decide again as soon as it is back", async () => {
    let away = true;
    await using service = await serviceWith(async (texts, options) => {
      if (away) throw new Error("connection refused");
      return embedding.embed(texts, options);
    });
    await expectWords(service);
    away = false;
    const question = {
      inputContext: { userMessage: "where is my parcel?" },
      systemContext: { tenantId: "acme", channelId: "web" },
    };
    const { body } = await service.send("POST", "/api/v1/routings/vector", question);
    expect(body).toMatchObject({ reason: expect.stringContaining("by examples") });
  });

  it("because no index can be built: words decide", async () => {
    await using service = await startService({
      createClassifier: () => Promise.reject(new Error("connection refused")),
    });
    await expectWords(service);
  });

  it("because their provider hangs: nobody waits for it beyond the time of a request", async () => {
    const clock = new FakeClock();
    await using service = await startService({ clock, createClassifier: () => new Promise(() => undefined) });
    const waiting = classified(service, clear);
    await expect.poll(() => clock.sleeping).toBeGreaterThan(0);
    await clock.advance(5000);
    expect(await waiting).toMatchObject({ status: 200, agentId: "parcels" });
    expect(await classified(service, clear)).toMatchObject({ status: 200, agentId: "parcels" });
  });

  it("because the model was changed: its vectors are never compared with those of the old one", async () => {
    let compared = 0;
    const other: EmbeddingModel = {
      ...embedding,
      id: "another-model",
      embed: async (...call) => {
        compared++;
        return embedding.embed(...call);
      },
    };
    await using service = await startService({
      createClassifier: async (_mode, { agents }, options) =>
        createVectorClassifier({
          index: await buildRouterIndex(agents, { embedding, ...options }),
          embedding: other,
        }),
    });
    await expectWords(service);
    expect(compared).toBe(0);
  });
});
