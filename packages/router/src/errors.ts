import { LmosError } from "@lmos/primitives";

/**
 * A catalogue or a list of labelled messages that cannot be read, an index and a model that do not belong together, a
 * language model that gives no answer, a service of vectors that is left alone for a while as it failed, a store of vectors
 * that cannot be used, or one in which a channel's examples would be mixed with another's.
 */
export type RouterErrorCode =
  | "InvalidCatalogue"
  | "InvalidLabelled"
  | "ModelMismatch"
  | "ModelUnavailable"
  | "EmbeddingUnavailable"
  | "StoreUnavailable"
  | "StoreConflict";

/** Thrown by this package. */
export class RouterError extends LmosError<RouterErrorCode> {}
