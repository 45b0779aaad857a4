/**
 * Room for the numbers of one text, used again for the next: a typed array costs a message more than what is computed in
 * it. Ranking is synchronous, so that one text is in it at a time.
 */
import { CentredProducts } from "./centred-products.ts";
import type { ClassScores, QuerySpace } from "./query-space.ts";

/** Two of each, for texts with a second vector; others use the first. */
export interface QueryRoom {
  readonly centred: CentredProducts;
  /** By example. */
  readonly dense: readonly [Float32Array, Float32Array];
  readonly sparse: Float32Array;
  /** By class. */
  readonly products: readonly [Float32Array, Float32Array];
  readonly scores: readonly [ClassScores, ClassScores];
  readonly combined: readonly [Float64Array, Float64Array];
  readonly probabilities: Float64Array;
}

type ClassRoom = Pick<QueryRoom, "products" | "scores" | "combined" | "probabilities">;

/** Shared by all spaces, of which there may be thousands, of few numbers of classes. */
const classRooms = new Map<number, ClassRoom>();

/** Room for texts over one space. */
export function queryRoom({ dense, sparse, lda }: QuerySpace): QueryRoom {
  return {
    centred: new CentredProducts({ dense, lda }),
    dense: [new Float32Array(dense.vectors.length), new Float32Array(dense.vectors.length)],
    sparse: new Float32Array(sparse.size),
    ...classRoom(lda.directions.length),
  };
}

function classRoom(classes: number): ClassRoom {
  const room = classRooms.get(classes) ?? emptyClassRoom(classes);
  classRooms.set(classes, room);
  return room;
}

function emptyClassRoom(classes: number): ClassRoom {
  const numbers = (): Float64Array => new Float64Array(classes);
  const scores = (): ClassScores => ({ lda: numbers(), dense: numbers(), sparse: numbers() });
  return {
    products: [new Float32Array(classes), new Float32Array(classes)],
    scores: [scores(), scores()],
    combined: [numbers(), numbers()],
    probabilities: numbers(),
  };
}
