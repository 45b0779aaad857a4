import { LmosError } from "@lmos/primitives";

/**
 * `ListenFailed`: a port cannot be opened. `InvalidRoutings`: the file of routings cannot be read at the start, or there
 * is no source of routings. `InvalidState`: what keeps conversations and memories cannot be opened as it is named.
 * `StateUnavailable`: it does not answer; turns go on without it. `InvalidAuthentication`: tokens cannot be verified with
 * these options. `InvalidAgentTokens`: no tokens for agents can be made with these. `InvalidAuthorities`: the file of those who sign agents' certificates cannot be used. `InvalidLimit`: a
 * bound has a number with which the runtime could not serve. `InvalidPublicUrl`: the address for users is none. `ClientDisconnected`, `ClientStalled` and `ShuttingDown` are
 * reasons with which a running turn is aborted.
 */
export type RuntimeErrorCode =
  | "ListenFailed"
  | "InvalidRoutings"
  | "InvalidState"
  | "InvalidAuthentication"
  | "InvalidAgentTokens"
  | "StateUnavailable"
  | "InvalidAuthorities"
  | "InvalidLimit"
  | "InvalidPublicUrl"
  | "ClientDisconnected"
  | "ClientStalled"
  | "ShuttingDown";

/** Thrown by this package, or the reason of its aborted signals. */
export class RuntimeError extends LmosError<RuntimeErrorCode> {}

/** True for an error of this package with that code. */
export function isRuntimeError(value: unknown, code: RuntimeErrorCode): value is RuntimeError {
  return value instanceof RuntimeError && value.code === code;
}
