import { LmosError } from "@lmos/primitives";

/** A catalogue or a list of labelled messages that cannot be read, an index and a
 * model that do not belong together, or a language model that gives no answer. */
export type RouterErrorCode = "InvalidCatalogue" | "InvalidLabelled" | "ModelMismatch" | "ModelUnavailable";

/** Thrown by this package. */
export class RouterError extends LmosError<RouterErrorCode> {}
