import { LmosError } from "@lmos/primitives";

/** A catalogue or a list of labelled messages that cannot be read, or an index and a model that do not belong together. */
export type RouterErrorCode = "InvalidCatalogue" | "InvalidLabelled" | "ModelMismatch";

/** Thrown by this package. */
export class RouterError extends LmosError<RouterErrorCode> {}
