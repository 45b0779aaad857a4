/**
 * Whether vectors in Qdrant are of the model that they say. A service may have put another model under the same name while
 * nobody was there to notice: then what it makes of a text is no longer what is kept for it.
 */
import type { EmbeddingModel } from "@lmos/embeddings";
import { z } from "zod";
import { embedTexts } from "../embed-texts.ts";
import type { EmbeddingCache } from "../embedding-cache.ts";
import type { QdrantCall } from "./qdrant-client.ts";

/** Cosine below which two vectors of one text are of two models: that which holds between two answers of a service, too. */
const leastSimilarity = 0.95;

const nearestSchema = z.object({ result: z.array(z.object({ score: z.number() })) });

/** What is compared. */
export interface KeptSample {
  /** A text of which there is a point. */
  readonly text: string;
  /** For the points among which it is. */
  readonly filter: object;
  readonly embedding: EmbeddingModel;
  readonly cache?: EmbeddingCache | undefined;
  readonly signal: AbortSignal;
}

/** False where the model gives the text another vector now. A model of this process is asked nothing: it is what it says. */
export async function isOfModelStill(
  call: QdrantCall,
  path: string,
  { text, filter, embedding, cache, signal }: KeptSample,
): Promise<boolean> {
  if (embedding.isRemote !== true) return true;
  const vector = [...((await embedTexts([text], { embedding, cache, signal })).get(text) ?? [])];
  if (vector.every((value) => value === 0)) return true; // nothing that could be compared
  const body = { vector, filter, limit: 1, with_payload: false };
  const answer = await call("POST", `${path}/points/search`, { body, signal });
  const { data } = nearestSchema.safeParse(answer);
  return (data?.result[0]?.score ?? 0) >= leastSimilarity;
}
