import { EmbeddingsError } from "./errors.ts";
import { toUnitLength } from "./unit-length.ts";

/** What is expected of an answer. */
export interface ExpectedVectors {
  readonly count: number;
  /** Length of each vector. */
  readonly dimension: number;
  /** Who gave them, for the message. */
  readonly source: string;
}

/**
 * The vectors of an answer at length 1, or an EmbeddingsError that says what is wrong with them: `ModelChanged` where all
 * have one other length than the model's, `InvalidVectors` for another number of vectors than texts, single vectors of
 * another length, and numbers that are not finite.
 */
export function checkVectors(
  vectors: readonly (readonly number[])[],
  { count, dimension, source }: ExpectedVectors,
): readonly Float32Array[] {
  if (vectors.length !== count) throw invalid(source, `${vectors.length} vectors came for ${count} texts`);
  const [first] = vectors;
  if (first !== undefined && first.length !== dimension && haveLength(vectors, first.length)) {
    throw modelChanged(source, `vectors had ${dimension} numbers, and now have ${first.length}`);
  }
  return vectors.map((numbers) => {
    if (numbers.length !== dimension) {
      throw invalid(source, `a vector has ${numbers.length} numbers instead of ${dimension}`);
    }
    const vector = Float32Array.from(numbers);
    if (!vector.every(Number.isFinite)) throw invalid(source, "a vector has a number that is not finite");
    return toUnitLength(vector);
  });
}

/** What is thrown where a service has another model than before. */
export function modelChanged(source: string, reason: string): EmbeddingsError {
  const remedy = "vectors of two models are never compared: load it again and build new indexes";
  return new EmbeddingsError("ModelChanged", `${source}: ${reason}; ${remedy}`, { details: { source } });
}

function haveLength(vectors: readonly (readonly number[])[], length: number): boolean {
  return vectors.every((numbers) => numbers.length === length);
}

function invalid(source: string, reason: string): EmbeddingsError {
  return new EmbeddingsError("InvalidVectors", `${source}: ${reason}`, { details: { source } });
}
