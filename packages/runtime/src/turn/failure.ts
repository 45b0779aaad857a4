/**
 * Why a turn ends without an answer, as a value. Codes are stable and published in the `error` event of a stream;
 * messages are stable too and never carry text of an agent, of a library or of another component.
 */
export type TurnFailureCode =
  | "invalid_request"
  | "no_routing"
  | "routing_unavailable"
  | "unknown_agent"
  | "wrong_tenant"
  | "agent_unavailable"
  | "agent_busy"
  | "agent_quota_exceeded"
  | "agent_timeout"
  | "agent_unresponsive"
  | "agent_interrupted"
  | "agent_error"
  | "agent_protocol_error"
  | "response_too_large"
  | "no_answer"
  | "handover_failed"
  | "overloaded"
  | "quota_exceeded"
  | "server_shutdown"
  | "client_gone"
  | "internal";

/** One failed turn. `retryable`: the same turn may be sent again, to this runtime or another one. */
export interface TurnFailure {
  readonly code: TurnFailureCode;
  readonly message: string;
  readonly retryable: boolean;
  readonly retryAfterSeconds?: number | undefined;
}

const retryableCodes: ReadonlySet<TurnFailureCode> = new Set([
  "agent_unavailable",
  "agent_busy",
  "agent_quota_exceeded",
  "agent_timeout",
  "agent_unresponsive",
  "agent_interrupted",
  "routing_unavailable",
  "overloaded",
  "quota_exceeded",
  "server_shutdown",
]);

/** A failure; whether it can be retried follows from its code. */
export function turnFailure(code: TurnFailureCode, message: string, retryAfterSeconds?: number): TurnFailure {
  const retryable = retryableCodes.has(code);
  return retryAfterSeconds === undefined
    ? { code, message, retryable }
    : { code, message, retryable, retryAfterSeconds };
}
