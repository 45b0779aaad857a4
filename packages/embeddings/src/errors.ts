import { LmosError } from "@lmos/primitives";

/**
 * What can go wrong with a model:
 * `ModelMissing`, `ModelCorrupt`, `ModelUnreadable`: its files are not there, are not what they should be, or cannot be read;
 * `PackageMissing`: an optional package that it needs is not installed;
 * `ServiceFailed`: a service (of embeddings, or of model files) is away, refuses, or is too slow; `details.status` has its HTTP status;
 * `InvalidVectors`: what came is not one finite vector of the right length per text;
 * `ModelChanged`: a service gives vectors of another model than before; the model's `reload` is the one that it has now;
 * `InvalidSpecification`: nobody knows a model of that name.
 * The message names the file, package or address, and the remedy.
 */
export type EmbeddingsErrorCode =
  | "ModelMissing"
  | "ModelCorrupt"
  | "ModelUnreadable"
  | "PackageMissing"
  | "ServiceFailed"
  | "InvalidVectors"
  | "ModelChanged"
  | "InvalidSpecification";

/** Thrown by this package. */
export class EmbeddingsError extends LmosError<EmbeddingsErrorCode> {}
