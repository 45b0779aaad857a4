import { LmosError } from "@lmos/primitives";

/** One thing that is wrong with a request, as `details.causes` of a `metav1.Status` lists it. */
export interface StatusCause {
  /** For example `FieldValueRequired`; internal errors have none. */
  readonly reason?: string | undefined;
  readonly message: string;
  /** Path of the field, for example `spec.replicas`. */
  readonly field?: string | undefined;
}

/** What a request failed about; becomes `details` of the `metav1.Status`. */
export interface StatusDetails {
  readonly name?: string | undefined;
  readonly group?: string | undefined;
  /** The plural resource name or the kind, as Kubernetes puts it for that error. */
  readonly kind?: string | undefined;
  readonly uid?: string | undefined;
  readonly causes?: readonly StatusCause[] | undefined;
  readonly retryAfterSeconds?: number | undefined;
}

/**
 * HTTP status of each reason with which a request can fail; the reasons are those of Kubernetes. `Unknown` is not written:
 * it is what Kubernetes has no reason for.
 */
export const statusCodes = {
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  NotAcceptable: 406,
  AlreadyExists: 409,
  Conflict: 409,
  Expired: 410,
  RequestEntityTooLarge: 413,
  UnsupportedMediaType: 415,
  Invalid: 422,
  InternalError: 500,
  Unknown: 500,
  ServiceUnavailable: 503,
  Timeout: 504,
} as const;

/** Why a request failed. */
export type RequestFailure = keyof typeof statusCodes;

/**
 * Every way in which this package fails: `PortInUse` (choose another port), `DirectoryInUse` (another process has
 * the folder open), `DirectoryUnreadable` (the folder's files are damaged), or the failure of one request.
 */
export type ApiServerErrorCode = "PortInUse" | "DirectoryInUse" | "DirectoryUnreadable" | RequestFailure;

/** The one error class of this package. */
export class ApiServerError extends LmosError<ApiServerErrorCode> {}

/** A failed request; thrown anywhere below the HTTP floor and written as a `metav1.Status` there. */
export class RequestError extends ApiServerError {
  readonly reason: RequestFailure;
  readonly status: StatusDetails | undefined;

  constructor(reason: RequestFailure, message: string, status?: StatusDetails) {
    super(reason, message, { details: { ...status } });
    this.reason = reason;
    this.status = status;
  }
}
