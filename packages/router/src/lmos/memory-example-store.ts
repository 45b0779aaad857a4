import type { EmbeddingModel } from "@lmos/embeddings";
import { dotRows } from "@lmos/ranking";
import { embedTexts } from "../embed-texts.ts";
import type { EmbeddingCache } from "../embedding-cache.ts";
import {
  type ChannelScope,
  type ExampleHit,
  type ExampleStore,
  examplesOf,
  type StoredExample,
} from "./example-store.ts";

interface EmbeddedExample extends StoredExample {
  readonly vector: Float32Array;
}

/** Examples in memory, looked through one by one: some 0.2 ms for a thousand of them. */
export function createMemoryExampleStore(options: {
  readonly embedding: EmbeddingModel;
  readonly cache?: EmbeddingCache | undefined;
}): ExampleStore {
  const channels = new Map<string, readonly EmbeddedExample[]>();
  const keyOf = ({ tenant, channel, subset }: ChannelScope): string =>
    JSON.stringify([tenant, channel, subset]);
  const others = (key: string, agentId: string): readonly EmbeddedExample[] =>
    (channels.get(key) ?? []).filter((example) => example.agentId !== agentId);
  return {
    put: async (scope, agent, { signal }) => {
      const examples = examplesOf(agent);
      const texts = examples.map(({ example }) => example);
      const vectors = await embedTexts(texts, { ...options, signal });
      const embedded = examples.flatMap((example) => {
        const vector = vectors.get(example.example);
        return vector === undefined ? [] : [{ ...example, vector }];
      });
      channels.set(keyOf(scope), [...others(keyOf(scope), agent.id), ...embedded]);
    },
    remove: async (scope, agentId) => {
      const key = keyOf(scope);
      const rest = agentId === undefined ? [] : others(key, agentId);
      if (rest.length === 0) channels.delete(key);
      else channels.set(key, rest);
    },
    nearest: async (scope, { vector, count }) => nearest(channels.get(keyOf(scope)) ?? [], vector, count),
  };
}

function nearest(
  examples: readonly EmbeddedExample[],
  query: Float32Array,
  count: number,
): readonly ExampleHit[] {
  const cosines = dotRows(
    examples.map(({ vector }) => vector),
    query,
  );
  return examples
    .map(({ vector: _vector, ...example }, i) => ({ ...example, score: (1 + (cosines[i] ?? 0)) / 2 }))
    .toSorted((left, right) => right.score - left.score)
    .slice(0, count);
}
