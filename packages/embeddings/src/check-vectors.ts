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
 * The vectors of an answer at length 1, or an EmbeddingsError `InvalidVectors` that says what is wrong with them: another
 * number of vectors than texts, another length than the model's (its model was changed), or numbers that are not finite.
 */
export function checkVectors(
  vectors: readonly (readonly number[])[],
  { count, dimension, source }: ExpectedVectors,
): readonly Float32Array[] {
  if (vectors.length !== count) throw invalid(source, `${vectors.length} vectors came for ${count} texts`);
  return vectors.map((numbers) => {
    if (numbers.length !== dimension) {
      throw invalid(
        source,
        `a vector has ${numbers.length} numbers instead of ${dimension}; was the model changed? Start again to build new indexes`,
      );
    }
    const vector = Float32Array.from(numbers);
    if (!vector.every(Number.isFinite)) throw invalid(source, "a vector has a number that is not finite");
    return toUnitLength(vector);
  });
}

function invalid(source: string, reason: string): EmbeddingsError {
  return new EmbeddingsError("InvalidVectors", `${source}: ${reason}`, { details: { source } });
}
