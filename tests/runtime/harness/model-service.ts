/** Services of OpenAI's shape, of chat and of vectors, that answer as a test says, or fail in every way. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { EmbeddingModel } from "@lmos/embeddings";
import { z } from "zod";

/** How a service fails. */
export const serviceFaults = {
  "429": refused(429),
  "402, the quota is used up": refused(402),
  "500": refused(500),
  "503": refused(503),
  "a redirect": (response: ServerResponse) => void response.writeHead(302, { location: "/" }).end(),
  "no JSON": (response: ServerResponse) => void response.writeHead(200).end("<html>sorry</html>"),
  "half an answer": (response: ServerResponse) => {
    response.writeHead(200, { "content-length": "1000" }).write('{"choices":[');
    setTimeout(() => response.destroy(), 50);
  },
  "a reset": (response: ServerResponse) => void response.socket?.resetAndDestroy(),
  "no answer at all": () => undefined,
  "an answer that drips": (response: ServerResponse) => {
    response.writeHead(200);
    const dripping = setInterval(() => response.write(" "), 100);
    response.on("close", () => clearInterval(dripping));
  },
} as const;
/** Its name. */
export type ServiceFault = keyof typeof serviceFaults;

function refused(status: number): (response: ServerResponse) => void {
  return (response) => void response.writeHead(status, { "retry-after": "1" }).end('{"error":"no"}');
}

/** What the model of language is offered. */
export interface ChatQuestion {
  readonly ids: readonly string[];
  readonly descriptions: readonly string[];
}

/** What a test sets. */
export interface ServiceState {
  /** Of both services; undefined while they are well. */
  fault: ServiceFault | undefined;
  /** The text that the model of language answers. */
  answer: (question: ChatQuestion) => unknown;
  /** What becomes of an answer of vectors. */
  distort: (answer: VectorAnswer) => unknown;
}

/** An answer of vectors as OpenAI gives it. */
export interface VectorAnswer {
  readonly model: string;
  readonly data: readonly { readonly index: number; readonly embedding: readonly number[] }[];
}

/** A service that runs. */
export interface ModelService extends AsyncDisposable {
  readonly url: string;
  readonly state: ServiceState;
  /** Requests for choices and for vectors so far. */
  readonly asked: { readonly chat: number; readonly vectors: number };
  /** Requests that wait for their answer. */
  readonly waiting: number;
}

const choiceSchema = z.object({ properties: z.object({ id: z.object({ enum: z.array(z.string()) }) }) });
/** What an answer may look like: a choice, or the parts of a plan, each of which is one. */
const formatSchema = z.union([
  choiceSchema,
  z
    .object({ properties: z.object({ parts: z.object({ items: choiceSchema }) }) })
    .transform(({ properties }) => properties.parts.items),
]);
const chatSchema = z.object({
  messages: z.array(z.object({ content: z.string() })),
  response_format: z.object({ json_schema: z.object({ schema: formatSchema }) }),
});
const promptSchema = z.object({ candidates: z.array(z.object({ description: z.string() })) });
const vectorsSchema = z.object({ input: z.array(z.string()) });

/** Starts one; its vectors are those of `embedding`. */
export async function startModelService(embedding: EmbeddingModel): Promise<ModelService> {
  const asked = { chat: 0, vectors: 0 };
  const waiting = new Set<ServerResponse>();
  const state: ServiceState = {
    fault: undefined,
    answer: ({ ids }) => JSON.stringify({ id: ids[0] }),
    distort: (answer) => answer,
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const isChat = request.url?.endsWith("/chat/completions") === true;
    asked[isChat ? "chat" : "vectors"] += 1;
    const body = await bodyOf(request);
    if (state.fault !== undefined) return serviceFaults[state.fault](response);
    const text = isChat ? chatAnswer(body, state) : await vectorAnswer(body, { embedding, state });
    response.writeHead(200, { "content-type": "application/json" }).end(text);
  };
  const server = createServer((request, response) => {
    waiting.add(response);
    response.on("close", () => waiting.delete(response));
    void answer(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    state,
    asked,
    get waiting() {
      return waiting.size;
    },
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
}

function chatAnswer(body: unknown, { answer }: ServiceState): string {
  const { messages, response_format: format } = chatSchema.parse(body);
  const { candidates } = promptSchema.parse(JSON.parse(messages.at(-1)?.content ?? ""));
  const ids = format.json_schema.schema.properties.id.enum;
  const content = answer({ ids, descriptions: candidates.map(({ description }) => description) });
  return JSON.stringify({ choices: [{ message: { role: "assistant", content } }] });
}

interface Vectors {
  readonly embedding: EmbeddingModel;
  readonly state: ServiceState;
}

/** Infinite and missing numbers are written as services write them. */
async function vectorAnswer(body: unknown, { embedding, state }: Vectors): Promise<string> {
  const { input } = vectorsSchema.parse(body);
  const vectors = await embedding.embed(input, { signal: new AbortController().signal });
  const data = vectors.map((vector, index) => ({ index, embedding: [...vector] }));
  const text = JSON.stringify(state.distort({ model: "stub-1", data }));
  return text.replaceAll('"INFINITE"', "1e999").replaceAll('"NAN"', "NaN");
}
