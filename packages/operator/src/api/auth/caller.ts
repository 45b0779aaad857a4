/** Who asks, and what that lets them see. */

/** What came of looking at a token. */
export type Authentication =
  | { readonly kind: "caller"; readonly namespace: string; readonly name: string }
  /** No token, or one that the cluster does not know. */
  | { readonly kind: "unknown"; readonly detail: string }
  /** Known, but not somebody who belongs to a namespace. */
  | { readonly kind: "forbidden"; readonly detail: string }
  /** The cluster could not be asked. */
  | { readonly kind: "unavailable"; readonly detail: string };

/** Says who holds a bearer token. */
export type Authenticate = (
  token: string,
  options: { readonly signal: AbortSignal },
) => Promise<Authentication>;

const serviceAccount = /^system:serviceaccount:([a-z0-9-]+):([a-z0-9.-]+)$/;

/** The caller that a user name of Kubernetes stands for: a service account sees its own namespace, nobody else anything. */
export function callerOf(username: string): Authentication {
  const [, namespace, name] = serviceAccount.exec(username) ?? [];
  if (namespace === undefined || name === undefined) {
    return { kind: "forbidden", detail: "only service accounts may ask: use the token of the pod that asks" };
  }
  return { kind: "caller", namespace, name };
}

/** The token of an `Authorization` header; undefined where there is none. */
export function bearerToken(header: string | undefined): string | undefined {
  return /^Bearer +([A-Za-z0-9._~+/=-]+)$/i.exec(header ?? "")?.[1];
}
