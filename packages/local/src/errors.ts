import { LmosError } from "@lmos/primitives";

/**
 * Why the laptop cluster failed. `AlreadyRunning`: another cluster runs on that directory. `SpawnFailed`: a process
 * could not be started. `UnknownKind`: the API server serves no such kind. `InvalidObject`: an object lacks
 * apiVersion, kind or name. `NotEstablished`: a CustomResourceDefinition was not taken into service in time.
 */
export type LocalErrorCode =
  | "AlreadyRunning"
  | "InvalidObject"
  | "NotEstablished"
  | "SpawnFailed"
  | "UnknownKind";

/** Every failure of this package. */
export class LocalError extends LmosError<LocalErrorCode> {}
