/** An object that the API server does not take, apart from a server that takes nothing. Pure. */
import { isKubeError, type KubeErrorCode, type KubeObject } from "@lmos/kube";
import { LocalError } from "./errors.ts";

/** An object and why it was refused: a KubeError, or a LocalError `UnknownKind`. */
export interface Refusal {
  readonly object: KubeObject;
  readonly error: Error;
}

const ofOneObject: ReadonlySet<KubeErrorCode> = new Set<KubeErrorCode>([
  "AlreadyExists",
  "BadRequest",
  "Conflict",
  "Forbidden",
  "Invalid",
  "NotFound",
  "ServerError", // a server says so of an object whose fields are of the wrong types, too
]);

/** True where the error speaks of one object: others may be taken none the less. */
export function isRefusal(error: unknown): error is Error {
  if (isKubeError(error)) return ofOneObject.has(error.code);
  return error instanceof LocalError && error.code === "UnknownKind";
}
