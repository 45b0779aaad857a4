import { LmosError } from "@lmos/primitives";

/**
 * What can go wrong with a model: its files are not there, are not what they should be, or cannot be read.
 * The message names the file and the remedy.
 */
export type EmbeddingsErrorCode = "ModelMissing" | "ModelCorrupt" | "ModelUnreadable";

/** Thrown by this package. */
export class EmbeddingsError extends LmosError<EmbeddingsErrorCode> {}
