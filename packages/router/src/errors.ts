import { LmosError } from "@lmos/primitives";

/** A catalogue file that cannot be read, or an index and a model that do not belong together. */
export type RouterErrorCode = "InvalidCatalogue" | "ModelMismatch";

/** Thrown by this package. */
export class RouterError extends LmosError<RouterErrorCode> {}
