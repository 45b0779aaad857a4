/** The failures that several operations share, worded as Kubernetes words them. */

import type { ResourceDefinition } from "@lmos/resource-definitions";
import { type FieldError, fieldErrorBody, fieldErrorReason, formatFieldError } from "@lmos/structural-schema";
import { RequestError, type StatusCause } from "../errors.ts";
import { qualifiedResource } from "./catalogue.ts";

type Named = Pick<ResourceDefinition, "group" | "plural" | "kind">;

/** 404: there is no such object. */
export function notFound(definition: Named, name: string): RequestError {
  const details = { name, group: definition.group, kind: definition.plural };
  return new RequestError("NotFound", `${qualifiedResource(definition)} "${name}" not found`, details);
}

/** 404: there is no such path. */
export function unknownPath(): RequestError {
  return new RequestError("NotFound", "the server could not find the requested resource", {});
}

/** 409: an object of that name exists. */
export function alreadyExists(definition: Named, name: string): RequestError {
  const details = { name, group: definition.group, kind: definition.plural };
  return new RequestError(
    "AlreadyExists",
    `${qualifiedResource(definition)} "${name}" already exists`,
    details,
  );
}

/** 409: someone else wrote in the meantime, or a precondition does not hold. */
export function conflict(definition: Named, name: string, why: string): RequestError {
  const message = `Operation cannot be fulfilled on ${qualifiedResource(definition)} "${name}": ${why}`;
  return new RequestError("Conflict", message, { name, group: definition.group, kind: definition.plural });
}

/** 403. */
export function forbidden(definition: Named, name: string, why: string): RequestError {
  const message = `${qualifiedResource(definition)} "${name}" is forbidden: ${why}`;
  return new RequestError("Forbidden", message, { name, group: definition.group, kind: definition.plural });
}

/** 405. */
export function methodNotAllowed(): RequestError {
  const message = "the server does not allow this method on the requested resource";
  return new RequestError("MethodNotAllowed", message, {});
}

/** 422 with a cause for each faulty field; the message lists them all. */
export function invalid(definition: Named, name: string, errors: readonly FieldError[]): RequestError {
  const kind = definition.group === "" ? definition.kind : `${definition.kind}.${definition.group}`;
  const texts = [...new Set(errors.map(formatFieldError))];
  const list = texts.length === 1 ? texts[0] : `[${texts.join(", ")}]`;
  const causes: StatusCause[] = errors.map((error) => ({
    reason: fieldErrorReason(error),
    message: fieldErrorBody(error),
    field: error.field === "" ? "<nil>" : error.field,
  }));
  const details = { name, group: definition.group, kind: definition.kind, causes };
  return new RequestError("Invalid", `${kind} "${name}" is invalid: ${list}`, details);
}

/** 422 about the parameters of a request: `CreateOptions` and its like. */
export function invalidOptions(kind: string, error: FieldError): RequestError {
  return invalid({ group: "meta.k8s.io", plural: "", kind }, "", [error]);
}

/** Throws {@link invalid} if there are errors. */
export function requireValid(definition: Named, name: string, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid(definition, name, errors);
}

/** 504: a list or watch asks for a revision that is not reached yet. */
export function tooLargeRevision(wanted: number, current: number): RequestError {
  const message = `Timeout: Too large resource version: ${wanted}, current: ${current}`;
  const causes = [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }];
  return new RequestError("Timeout", message, { causes, retryAfterSeconds: 1 });
}
