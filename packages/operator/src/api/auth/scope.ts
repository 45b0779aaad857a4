/** What a caller may look at: what its headers ask for, or where its identity lets it look. */
import type { IncomingHttpHeaders } from "node:http";
import type { Fault } from "../problem.ts";
import { type Authenticate, type Authentication, bearerToken } from "./caller.ts";

/** Where a caller looks, or why it may not. */
export type Scope =
  | { readonly kind: "granted"; readonly namespace: string | undefined; readonly subset: string | undefined }
  | { readonly kind: "refused"; readonly fault: Fault };

/**
 * Without `authenticate` the headers `x-namespace` and `x-subset` say where, as in the original. With it they are
 * ignored: the namespace is that of the caller's service account, the subset the stable one.
 */
export async function scopeOf(
  headers: IncomingHttpHeaders,
  {
    authenticate,
    signal,
  }: { readonly authenticate?: Authenticate | undefined; readonly signal: AbortSignal },
): Promise<Scope> {
  if (authenticate === undefined) {
    return { kind: "granted", namespace: oneOf(headers["x-namespace"]), subset: oneOf(headers["x-subset"]) };
  }
  const token = bearerToken(headers.authorization);
  if (token === undefined) {
    return refused({ status: 401, detail: "send the token of a service account as a bearer token" });
  }
  return scopeFor(await authenticate(token, { signal }));
}

function scopeFor(found: Authentication): Scope {
  switch (found.kind) {
    case "caller":
      return { kind: "granted", namespace: found.namespace, subset: undefined };
    case "unknown":
      return refused({ status: 401, detail: found.detail });
    case "forbidden":
      return refused({ status: 403, detail: found.detail });
    case "unavailable":
      return refused({ status: 503, detail: found.detail });
    default:
      return found satisfies never;
  }
}

function refused(fault: Fault): Scope {
  return { kind: "refused", fault };
}

function oneOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(",") : header;
}
