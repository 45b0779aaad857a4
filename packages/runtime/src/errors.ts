import { LmosError } from "@lmos/primitives";

/**
 * `ListenFailed`: a port cannot be opened. `InvalidRoutings`: the file of routings cannot be read at the start, or there
 * is no source of routings. `ClientDisconnected`, `ClientStalled` and `ShuttingDown` are reasons with
 * which a running turn is aborted.
 */
export type RuntimeErrorCode =
  | "ListenFailed"
  | "InvalidRoutings"
  | "ClientDisconnected"
  | "ClientStalled"
  | "ShuttingDown";

/** Thrown by this package, or the reason of its aborted signals. */
export class RuntimeError extends LmosError<RuntimeErrorCode> {}

/** True for an error of this package with that code. */
export function isRuntimeError(value: unknown, code: RuntimeErrorCode): value is RuntimeError {
  return value instanceof RuntimeError && value.code === code;
}
