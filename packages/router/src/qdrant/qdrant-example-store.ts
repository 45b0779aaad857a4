/**
 * Examples in Qdrant, in the layout of Eclipse LMOS: a collection `{tenant}-{channel}-{subset}`, one point an example with six
 * texts as payload. Collections that a Kotlin component filled can be searched, and the other way round, where both use
 * the same embedding model.
 */
import type { EmbeddingModel } from "@lmos/embeddings";
import { z } from "zod";
import { embedTexts } from "../embed-texts.ts";
import type { EmbeddingCache } from "../embedding-cache.ts";
import { RouterError } from "../errors.ts";
import {
  type ChannelScope,
  type ExampleHit,
  type ExampleStore,
  examplesOf,
  type StoredExample,
} from "../lmos/example-store.ts";
import { pointIdOf } from "./point-id.ts";
import { createQdrantCall, type QdrantCall, type QdrantConnection } from "./qdrant-client.ts";

/** Points in one request. */
const batchSize = 256;

const payloadSchema = z.object({
  agentId: z.string(),
  agentName: z.string(),
  agentAddress: z.string(),
  capabilityId: z.string(),
  capabilityDescription: z.string(),
  capabilityExample: z.string(),
});
const pointSchema = z.object({
  id: z.union([z.string(), z.number()]),
  score: z.number().optional(),
  payload: z.unknown().optional(),
});
const searchSchema = z.object({ result: z.array(pointSchema) });
const scrollSchema = z.object({
  result: z.object({ points: z.array(pointSchema), next_page_offset: z.unknown().optional() }),
});
const collectionSchema = z.object({
  result: z.object({ config: z.object({ params: z.object({ vectors: z.object({ size: z.number() }) }) }) }),
});

/** How it is made. */
export interface QdrantExampleStoreOptions extends QdrantConnection {
  readonly embedding: EmbeddingModel;
  readonly cache?: EmbeddingCache | undefined;
}

/** A store over the REST API of Qdrant 1.x. */
export function createQdrantExampleStore(options: QdrantExampleStoreOptions): ExampleStore {
  const call = createQdrantCall(options);
  const { dimension } = options.embedding;
  return {
    put: async (scope, agent, { signal }) => {
      const path = await ensureCollection(call, scope, { dimension, signal });
      const wanted = new Map(examplesOf(agent).map((example) => [pointIdOf(example), example]));
      const present = new Set(await pointsOf(call, path, agent.id, signal));
      await upsert(call, path, new Map([...wanted].filter(([id]) => !present.has(id))), {
        ...options,
        signal,
      });
      await deletePoints(
        call,
        path,
        [...present].filter((id) => !wanted.has(id)),
        signal,
      );
    },
    remove: async (scope, agentId, { signal }) => {
      const path = collectionPath(scope);
      if (agentId === undefined) await call("DELETE", path, { signal });
      else await deletePoints(call, path, await pointsOf(call, path, agentId, signal), signal);
    },
    nearest: async (scope, { vector, count }, { signal }) => {
      const body = { vector: [...vector], limit: count, with_payload: true };
      const answer = await call("POST", `${collectionPath(scope)}/points/search`, { body, signal });
      return answer === undefined ? [] : parse(searchSchema, answer).result.flatMap(hitOf);
    },
  };
}

function collectionPath({ tenant, channel, subset }: ChannelScope): string {
  return `/collections/${encodeURIComponent(`${tenant}-${channel}-${subset}`)}`;
}

/** The path of the collection, which is made where there is none; one for vectors of another length is refused. */
async function ensureCollection(
  call: QdrantCall,
  scope: ChannelScope,
  { dimension, signal }: { readonly dimension: number; readonly signal: AbortSignal },
): Promise<string> {
  const path = collectionPath(scope);
  const answer = await call("GET", path, { signal });
  if (answer === undefined) {
    await call("PUT", path, { body: { vectors: { size: dimension, distance: "Cosine" } }, signal });
    return path;
  }
  const { size } = parse(collectionSchema, answer).result.config.params.vectors;
  if (size === dimension) return path;
  throw new RouterError(
    "ModelMismatch",
    `the collection ${path} holds vectors of ${size} numbers, the embedding model gives ${dimension}: use the model that filled it, or remove it`,
  );
}

async function upsert(
  call: QdrantCall,
  path: string,
  examples: ReadonlyMap<string, StoredExample>,
  options: QdrantExampleStoreOptions & { readonly signal: AbortSignal },
): Promise<void> {
  const entries = [...examples];
  const texts = entries.map(([, { example }]) => example);
  const vectors = await embedTexts(texts, options);
  for (let start = 0; start < entries.length; start += batchSize) {
    const points = entries.slice(start, start + batchSize).map(([id, { example, ...told }]) => ({
      id,
      vector: [...(vectors.get(example) ?? [])],
      payload: { ...told, capabilityExample: example },
    }));
    await call("PUT", `${path}/points?wait=true`, { body: { points }, signal: options.signal });
  }
}

async function deletePoints(
  call: QdrantCall,
  path: string,
  points: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  if (points.length === 0) return;
  await call("POST", `${path}/points/delete?wait=true`, { body: { points }, signal });
}

/** Ids of an agent's points, page by page. */
async function pointsOf(
  call: QdrantCall,
  path: string,
  agentId: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const ids: string[] = [];
  const filter = { must: [{ key: "agentId", match: { value: agentId } }] };
  for (let offset: unknown = null; ; ) {
    const body = { filter, limit: batchSize, offset, with_payload: false };
    const answer = await call("POST", `${path}/points/scroll`, { body, signal });
    if (answer === undefined) return ids;
    const { result } = parse(scrollSchema, answer);
    ids.push(...result.points.map(({ id }) => String(id)));
    offset = result.next_page_offset ?? null;
    if (offset === null) return ids;
  }
}

/** Points without one of the texts are somebody else's. Qdrant's score is the cosine. */
function hitOf({ score = 0, payload }: z.infer<typeof pointSchema>): readonly ExampleHit[] {
  const parsed = payloadSchema.safeParse(payload);
  if (!parsed.success) return [];
  const { capabilityExample, ...told } = parsed.data;
  return [{ ...told, example: capabilityExample, score: (1 + score) / 2 }];
}

function parse<T>(schema: z.ZodType<T>, answer: unknown): T {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new RouterError(
    "StoreUnavailable",
    `Qdrant's answer cannot be read: ${z.prettifyError(parsed.error)}`,
  );
}
