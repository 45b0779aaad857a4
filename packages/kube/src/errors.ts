import { LmosError } from "@lmos/primitives";

/**
 * Why a call failed. `Expired`: the resourceVersion or page token is too old (HTTP 410), or newer than anything that
 * the server has (HTTP 504, cause ResourceVersionTooLarge): list again.
 * `Unreachable`: no connection, or it broke. `ProtocolError`: the answer is not what Kubernetes sends.
 * `ServerError`: any other failure that the server reports.
 */
export type KubeErrorCode =
  | "AlreadyExists"
  | "BadRequest"
  | "Conflict"
  | "Expired"
  | "Forbidden"
  | "Invalid"
  | "InvalidConfiguration"
  | "NotFound"
  | "ProtocolError"
  | "ResponseTooLarge"
  | "ServerError"
  | "Timeout"
  | "TooManyRequests"
  | "Unauthorized"
  | "Unavailable"
  | "Unreachable";

/**
 * Every failure of this package. For an answer of the server, `details` holds `status` (HTTP), `reason` and `causes`
 * as its Status object gave them.
 */
export class KubeError extends LmosError<KubeErrorCode> {}

/** True for a {@link KubeError}, with that code where one is given. */
export function isKubeError(value: unknown, code?: KubeErrorCode): value is KubeError {
  return value instanceof KubeError && (code === undefined || value.code === code);
}
