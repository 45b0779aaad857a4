import { LmosError } from "@lmos/primitives";

/** Why an object is none of its kind. */
export type ResourceErrorCode = "InvalidObject";

/** Every failure of this package. The message names the fields and what was expected there, in one line. */
export class ResourceError extends LmosError<ResourceErrorCode> {}
