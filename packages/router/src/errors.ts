import { LmosError } from "@lmos/primitives";

/** A catalogue or a list of labelled messages that cannot be read, an index and a
 * model that do not belong together, a language model that gives no answer, a service of vectors that
 * is left alone for a while as it failed, or a store of vectors that cannot be used. */
export type RouterErrorCode =
  | "InvalidCatalogue"
  | "InvalidLabelled"
  | "ModelMismatch"
  | "ModelUnavailable"
  | "EmbeddingUnavailable"
  | "StoreUnavailable";

/** Thrown by this package. */
export class RouterError extends LmosError<RouterErrorCode> {}
