import { LmosError } from "@lmos/primitives";

/** The vectors given cannot be ranked: one is not finite, or not as long as the others. */
export type RankingErrorCode = "InvalidVector" | "DimensionMismatch";

/** Thrown by this package. */
export class RankingError extends LmosError<RankingErrorCode> {}
