import type { ApiRequest } from "./api-request.ts";
import type { Fault } from "./fault.ts";

/** One thing that happened, as plain data. Times are milliseconds of the proxy's clock since its start. */
export type HistoryEntry =
  | {
      readonly kind: "request";
      readonly atMs: number;
      readonly id: number;
      readonly request: ApiRequest;
      readonly fault?: Fault | undefined;
    }
  | {
      readonly kind: "answer";
      readonly atMs: number;
      /** Of the request. */
      readonly id: number;
      /** What the server answered. */
      readonly status: number;
      /** False where the client did not get it. */
      readonly delivered: boolean;
      /** Name of the object that the answer is about, where it is about one. */
      readonly name?: string | undefined;
    }
  | {
      readonly kind: "event";
      readonly atMs: number;
      readonly id: number;
      /** `ADDED`, `MODIFIED`, `DELETED`, `BOOKMARK` or `ERROR`. */
      readonly type: string;
      /** `namespace/name`. */
      readonly object: string;
      readonly resourceVersion: string;
      readonly delivered: boolean;
    };

/** What the server was asked to change, and its answer. */
export interface MutationRecord {
  readonly atMs: number;
  readonly answeredAtMs: number;
  readonly request: ApiRequest;
  readonly status: number;
  /** Name of the object in the answer: the request of a creation does not tell it. */
  readonly name: string | undefined;
}

/** The mutating requests that reached the server, in the order of its answers. */
export function mutationsOf(
  history: readonly HistoryEntry[],
  isMutation: (request: ApiRequest) => boolean,
): readonly MutationRecord[] {
  const requests = new Map(
    history.flatMap((entry) => (entry.kind === "request" ? [[entry.id, entry] as const] : [])),
  );
  return history.flatMap((entry) => {
    const asked = entry.kind === "answer" ? requests.get(entry.id) : undefined;
    if (entry.kind !== "answer" || asked === undefined || !isMutation(asked.request)) return [];
    const { atMs, request } = asked;
    return [
      { atMs, answeredAtMs: entry.atMs, request, status: entry.status, name: request.name ?? entry.name },
    ];
  });
}

/** How many requests of that verb and resource there were since `sinceMs`. */
export function countRequests(
  history: readonly HistoryEntry[],
  match: { readonly verb: string; readonly resource: string; readonly sinceMs?: number | undefined },
): number {
  const { verb, resource, sinceMs = 0 } = match;
  return history.filter(
    (entry) =>
      entry.kind === "request" &&
      entry.atMs >= sinceMs &&
      entry.request.verb === verb &&
      entry.request.resource === resource,
  ).length;
}
