/** What scores are made from: all of it while an index is fitted, and the part that stays for the texts to come. */
import type { ClassLayout } from "./classes.ts";
import type { DenseSpace } from "./dense.ts";
import type { LdaSpace } from "./lda.ts";
import type { SparseSpace } from "./sparse.ts";

/** Everything that scores are made from. */
export interface ScoreSpace {
  readonly layout: ClassLayout;
  readonly dense: DenseSpace;
  readonly sparse: SparseSpace;
  readonly lda: LdaSpace;
}

/** What scoring a text needs of a space. The rest is for fitting, and for the space of a changed catalogue. */
export interface QuerySpace {
  readonly layout: Pick<ClassLayout, "classes" | "classOf">;
  readonly dense: Pick<DenseSpace, "dimension" | "middle" | "vectors" | "sumNorms">;
  readonly sparse: Pick<SparseSpace, "size" | "tables" | "rarity" | "postings" | "sumNorms">;
  readonly lda: Pick<LdaSpace, "directions" | "offsets">;
}

/** That part alone, a third of the whole. */
export function querySpaceOf({ layout, dense, sparse, lda }: ScoreSpace): QuerySpace {
  const { classes, classOf } = layout;
  const { dimension, middle, vectors, sumNorms } = dense;
  const { size, tables, rarity, postings } = sparse;
  const { directions, offsets } = lda;
  return {
    layout: { classes, classOf },
    dense: { dimension, middle, vectors, sumNorms },
    sparse: { size, tables, rarity, postings, sumNorms: sparse.sumNorms },
    lda: { directions, offsets },
  };
}

/** One number per class in each of the three. */
export interface ClassScores {
  readonly lda: Float64Array;
  readonly dense: Float64Array;
  readonly sparse: Float64Array;
}
