/**
 * One fixed text whose vector tells models apart that have the same name and vectors of the same length. It goes along
 * with every request, so that each answer says by itself of which model it is.
 */
import { createHash } from "node:crypto";

/** Short, as it is paid for each time. */
export const probeText = "how many numbers has a vector";

/**
 * Cosine below which two vectors of one text are of two models. A quantised network reads a text in a batch a little
 * otherwise than alone (0.991 at the worst of 600 batches of two such models); the vectors of two models are alike by chance.
 */
const leastSimilarity = 0.95;

/** Whether both vectors of the probe, of length 1 or all zeros, are of one model. */
export function areOfSameModel(a: Float32Array, b: Float32Array): boolean {
  if (a.length !== b.length) return false;
  let similarity = 0;
  for (let i = 0; i < a.length; i++) similarity += (a[i] ?? 0) * (b[i] ?? 0);
  return similarity >= leastSimilarity || (isZero(a) && isZero(b));
}

/** Twelve digits that stand for a vector: of a model that has no other name of its own. */
export function fingerprintOf(probe: Float32Array): string {
  return createHash("sha256")
    .update(new Uint8Array(probe.buffer, probe.byteOffset, probe.byteLength))
    .digest("hex")
    .slice(0, 12);
}

function isZero(vector: Float32Array): boolean {
  return vector.every((value) => value === 0);
}
