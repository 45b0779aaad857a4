/** Turns what went wrong, be it a Status of the server or a broken socket, into a {@link KubeError}. */
import { DeadlineExceededError, errorMessage, isRecord } from "@lmos/primitives";
import { KubeError, type KubeErrorCode } from "./errors.ts";

const codeOfReason: Readonly<Record<string, KubeErrorCode>> = {
  AlreadyExists: "AlreadyExists",
  BadRequest: "BadRequest",
  Conflict: "Conflict",
  Expired: "Expired",
  Forbidden: "Forbidden",
  Gone: "Expired",
  Invalid: "Invalid",
  NotFound: "NotFound",
  ServiceUnavailable: "Unavailable",
  Timeout: "Timeout",
  TooManyRequests: "TooManyRequests",
  Unauthorized: "Unauthorized",
};

const codeOfStatus: Readonly<Record<number, KubeErrorCode>> = {
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  409: "Conflict",
  410: "Expired",
  422: "Invalid",
  429: "TooManyRequests",
  503: "Unavailable",
  504: "Timeout",
};

/** What undici calls those of its errors that are time-outs. */
const timeoutCodes: ReadonlySet<unknown> = new Set([
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
]);

const tooLarge = "ResourceVersionTooLarge";

/** What is known about an answer that is not a success. */
export interface FailedAnswer {
  /** The call, for the message: `get ConfigMap default/a`. */
  readonly what: string;
  readonly status: number;
  /** The body, parsed where it is JSON. */
  readonly body: unknown;
  readonly retryAfterMs?: number | undefined;
}

/** The error for an answer of the server that is not a success; `body` is usually a Status object. */
export function errorOfAnswer({ what, status, body, retryAfterMs }: FailedAnswer): KubeError {
  const given = isRecord(body) ? body : {};
  const reason = typeof given["reason"] === "string" ? given["reason"] : undefined;
  const text = typeof given["message"] === "string" ? given["message"] : excerpt(body);
  const causes = isRecord(given["details"]) ? given["details"]["causes"] : undefined;
  const known = (reason && codeOfReason[reason]) || codeOfStatus[status] || generalCode(status);
  const code = isAheadOfServer(causes) ? "Expired" : known;
  const details = {
    status,
    ...(reason !== undefined && { reason }),
    ...(causes !== undefined && { causes }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
  return new KubeError(code, `${what}: ${text || `HTTP ${status}`}`, { details });
}

/** The error for a call that got no whole answer. An aborted signal's reason is passed on as it is. */
export function errorOfTransport(thrown: unknown, what: string, signal: AbortSignal): unknown {
  if (thrown instanceof KubeError) return thrown;
  if (signal.aborted) return signal.reason;
  const code = isTimeout(thrown) ? "Timeout" : "Unreachable";
  return new KubeError(code, `${what}: ${errorMessage(thrown)}`, { cause: thrown });
}

/** 504 "Too large resource version": a server that lags behind, or one restored from a backup. */
function isAheadOfServer(causes: unknown): boolean {
  return Array.isArray(causes) && causes.some((cause) => isRecord(cause) && cause["reason"] === tooLarge);
}

function isTimeout(thrown: unknown): boolean {
  return thrown instanceof DeadlineExceededError || (isRecord(thrown) && timeoutCodes.has(thrown["code"]));
}

function generalCode(status: number): KubeErrorCode {
  return status >= 500 ? "ServerError" : "BadRequest";
}

function excerpt(body: unknown): string {
  return typeof body === "string" ? body.trim().slice(0, 200) : "";
}
