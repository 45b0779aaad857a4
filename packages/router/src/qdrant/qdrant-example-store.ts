/**
 * Examples in Qdrant, in the layout of Eclipse LMOS: a collection `{tenant}-{channel}-{subset}`, one point an example with six
 * texts as payload. Collections that a Kotlin component filled can be searched, and the other way round, where both use
 * the same embedding model. Each point says besides whose it is, and of which model (`point-labels.ts`).
 */
import { createHash } from "node:crypto";
import type { EmbeddingModel } from "@lmos/embeddings";
import { isRecord } from "@lmos/primitives";
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
import { isOfModelStill } from "./kept-model.ts";
import { pointIdOf } from "./point-id.ts";
import { comparable, labelledForOthers, modelKey, ownOfAgent, scopeKey, scopeLabel } from "./point-labels.ts";
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
  /**
   * `shared`, the default: collections of the names that Eclipse LMOS gives them. `of-model`: others, for this model alone,
   * which are filled beside them; see {@link collectionSuffix}.
   */
  readonly collections?: "shared" | "of-model" | undefined;
}

/** What follows LMOS' name of a collection that is for one model alone. */
export function collectionSuffix(modelId: string): string {
  return `.${createHash("sha256").update(modelId).digest("hex").slice(0, 12)}`;
}

/** A store over the REST API of Qdrant 1.x. */
export function createQdrantExampleStore(options: QdrantExampleStoreOptions): ExampleStore {
  const call = createQdrantCall(options);
  const { dimension, id: modelId } = options.embedding;
  const suffix = options.collections === "of-model" ? collectionSuffix(modelId) : "";
  const pathOf = (scope: ChannelScope): string => collectionPath(scope, suffix);
  return {
    put: async (scope, agent, { signal }) => {
      const path = pathOf(scope);
      await ensureCollection(call, { path, scope }, { dimension, signal });
      const wanted = new Map(examplesOf(agent).map((example) => [pointIdOf(example), example]));
      const present = await pointsOf(call, path, agent.id, signal);
      const own = await ownOf(call, { path, scope }, { ...options, present, wanted, signal });
      const missing = new Map([...wanted].filter(([id]) => !own.has(id)));
      await upsert(call, path, missing, { ...options, label: scopeLabel(scope), signal });
      const left = present.map(({ id }) => id).filter((id) => !wanted.has(id));
      await deletePoints(call, path, left, signal);
    },
    remove: async (scope, agentId, { signal }) => {
      const path = pathOf(scope);
      if (await isOfOthers(call, { path, scope }, signal)) return; // nothing in it is this channel's
      if (agentId === undefined) return void (await call("DELETE", path, { signal }));
      const points = await pointsOf(call, path, agentId, signal);
      await deletePoints(
        call,
        path,
        points.map(({ id }) => id),
        signal,
      );
    },
    nearest: async (scope, { vector, count }, { signal }) => {
      const filter = comparable(scope, modelId);
      const body = { vector: [...vector], filter, limit: count, with_payload: true };
      const answer = await call("POST", `${pathOf(scope)}/points/search`, { body, signal });
      return answer === undefined ? [] : parse(searchSchema, answer).result.flatMap(hitOf);
    },
  };
}

function collectionPath({ tenant, channel, subset }: ChannelScope, suffix: string): string {
  return `/collections/${encodeURIComponent(`${tenant}-${channel}-${subset}${suffix}`)}`;
}

/** A collection, and for whom it is asked. */
interface ScopedCollection {
  readonly path: string;
  readonly scope: ChannelScope;
}

/** Makes the collection where there is none; one for vectors of another length, or of another channel, is refused. */
async function ensureCollection(
  call: QdrantCall,
  { path, scope }: ScopedCollection,
  { dimension, signal }: { readonly dimension: number; readonly signal: AbortSignal },
): Promise<void> {
  const answer = await call("GET", path, { signal });
  if (answer === undefined) {
    await call("PUT", path, { body: { vectors: { size: dimension, distance: "Cosine" } }, signal });
    return;
  }
  const { size } = parse(collectionSchema, answer).result.config.params.vectors;
  if (size === dimension) {
    if (!(await isOfOthers(call, { path, scope }, signal))) return;
    throw new RouterError(
      "StoreConflict",
      `the collection ${path} holds examples of another tenant or channel, whose name reads the same as ${scopeLabel(scope)}: rename one of them, or keep its examples elsewhere`,
    );
  }
  throw new RouterError(
    "ModelMismatch",
    `the collection ${path} holds vectors of ${size} numbers, the embedding model gives ${dimension}: use the model that filled it, or remove it`,
  );
}

/** LMOS' names of collections are ambiguous: those of two channels must not be mixed. */
async function isOfOthers(
  call: QdrantCall,
  { path, scope }: ScopedCollection,
  signal: AbortSignal,
): Promise<boolean> {
  const body = { filter: labelledForOthers(scope), limit: 1, offset: null, with_payload: false };
  const answer = await call("POST", `${path}/points/scroll`, { body, signal });
  return answer !== undefined && parse(scrollSchema, answer).result.points.length > 0;
}

interface Wanted extends QdrantExampleStoreOptions {
  readonly present: readonly PresentPoint[];
  readonly wanted: ReadonlyMap<string, StoredExample>;
  readonly signal: AbortSignal;
}

/** Ids of points that can stay: this scope's, and of the model, also when that is asked again. */
async function ownOf(
  call: QdrantCall,
  { path, scope }: ScopedCollection,
  { present, wanted, embedding, cache, signal }: Wanted,
): Promise<ReadonlySet<string>> {
  const label = scopeLabel(scope);
  const isOwn = ({ payload }: PresentPoint): boolean =>
    labelOf(payload, scopeKey) === label && labelOf(payload, modelKey) === embedding.id;
  const own = new Set(present.filter(isOwn).map(({ id }) => id));
  const sample = [...wanted].find(([id]) => own.has(id))?.[1];
  if (sample === undefined) return own;
  const filter = ownOfAgent(scope, embedding.id, sample.agentId);
  const kept = { text: sample.example, filter, embedding, cache, signal };
  return (await isOfModelStill(call, path, kept)) ? own : new Set();
}

async function upsert(
  call: QdrantCall,
  path: string,
  examples: ReadonlyMap<string, StoredExample>,
  options: QdrantExampleStoreOptions & { readonly label: string; readonly signal: AbortSignal },
): Promise<void> {
  const entries = [...examples];
  const texts = entries.map(([, { example }]) => example);
  const vectors = await embedTexts(texts, options);
  for (let start = 0; start < entries.length; start += batchSize) {
    const points = entries.slice(start, start + batchSize).map(([id, { example, ...told }]) => ({
      id,
      vector: [...(vectors.get(example) ?? [])],
      payload: {
        ...told,
        capabilityExample: example,
        [scopeKey]: options.label,
        [modelKey]: options.embedding.id,
      },
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

/** A point that is there. */
interface PresentPoint {
  readonly id: string;
  readonly payload: unknown;
}

/** An agent's points, page by page, with the labels of each. */
async function pointsOf(
  call: QdrantCall,
  path: string,
  agentId: string,
  signal: AbortSignal,
): Promise<readonly PresentPoint[]> {
  const points: PresentPoint[] = [];
  const filter = { must: [{ key: "agentId", match: { value: agentId } }] };
  for (let offset: unknown = null; ; ) {
    const body = { filter, limit: batchSize, offset, with_payload: [scopeKey, modelKey] };
    const answer = await call("POST", `${path}/points/scroll`, { body, signal });
    if (answer === undefined) return points;
    const { result } = parse(scrollSchema, answer);
    points.push(...result.points.map(({ id, payload }) => ({ id: String(id), payload })));
    offset = result.next_page_offset ?? null;
    if (offset === null) return points;
  }
}

function labelOf(payload: unknown, key: string): unknown {
  return isRecord(payload) ? payload[key] : undefined;
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
