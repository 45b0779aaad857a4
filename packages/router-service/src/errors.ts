import { LmosError } from "@lmos/primitives";

/** The port cannot be opened. */
export type RouterServiceErrorCode = "ListenFailed";

/** Thrown by this package. */
export class RouterServiceError extends LmosError<RouterServiceErrorCode> {}
