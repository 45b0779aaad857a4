import { createHash } from "node:crypto";
import type { EmbeddingModel, EmbedOptions } from "./model.ts";

/**
 * A model that remembers its vectors by the text's SHA-256, the longest unused going first: for models that cost
 * time or money. A vector takes its dimension × 4 bytes, and some 150 more. Whoever gets a vector must not change it.
 */
export function cacheVectors(
  model: EmbeddingModel,
  { maxEntries }: { readonly maxEntries: number },
): EmbeddingModel {
  const vectors = new Map<string, Float32Array>();
  const remember = (key: string, vector: Float32Array): void => {
    vectors.delete(key);
    vectors.set(key, vector); // a Map keeps the order of insertion: the entry used last comes last
    for (const oldest of vectors.keys()) {
      if (vectors.size <= maxEntries) return;
      vectors.delete(oldest);
    }
  };
  const { reload } = model;
  return {
    ...model,
    reload: reload && (async (call) => cacheVectors(await reload(call), { maxEntries })),
    embed: async (texts, options) => {
      const { signal, purpose } = options;
      signal.throwIfAborted();
      const keys = texts.map((text) => hashOf(text, purpose));
      const found = new Map(keys.map((key) => [key, vectors.get(key)]));
      const missing = new Map(texts.flatMap((text, i) => entryOf(keys[i], text, found)));
      const embedded =
        missing.size === 0 ? [] : await model.embed([...missing.values()], { signal, purpose });
      [...missing.keys()].forEach((key, i) => {
        found.set(key, embedded[i]);
      });
      for (const [key, vector] of found) if (vector !== undefined) remember(key, vector);
      return keys.map((key) => found.get(key) ?? new Float32Array(model.dimension));
    },
  };
}

/** A hash has no space before it: one of another purpose is never the same. */
function hashOf(text: string, purpose: EmbedOptions["purpose"]): string {
  const hash = createHash("sha256").update(text).digest("base64");
  return purpose === undefined ? hash : `${purpose} ${hash}`;
}

/** The text, to be asked for under its hash, unless its vector was found. */
function entryOf(
  key: string | undefined,
  text: string,
  found: ReadonlyMap<string, Float32Array | undefined>,
): readonly (readonly [string, string])[] {
  return key === undefined || found.get(key) !== undefined ? [] : [[key, text]];
}
