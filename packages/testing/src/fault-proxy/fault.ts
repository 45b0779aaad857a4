import type { ApiRequest, ApiVerb } from "./api-request.ts";

/**
 * What happens to a request instead of, or besides, being passed on.
 *
 * - `status`: is answered with that status and not passed on.
 * - `reset`: the connection is cut before the server hears of it.
 * - `loseAnswer`: the server does it, then the connection is cut instead of an answer.
 * - `delay`: is held for `ms` milliseconds, then passed on.
 * - `hold`: is held until {@link HttpProxy.release}, then passed on, even if the client has gone.
 * - `crash`: the `crash` function of the proxy runs, before it is passed on (then it never is) or after the server
 *   answered (then the answer is thrown away).
 * - `errorEvent`: a watch gets an ERROR event of that status after so many events, and ends.
 * - `withhold`: the nth event (from 1) of a watched resource is kept back until the next event of the same object
 *   takes its place, or until `ms` milliseconds have passed.
 */
export type Fault =
  | { readonly kind: "status"; readonly status: number; readonly retryAfterSeconds?: number | undefined }
  | { readonly kind: "reset" | "loseAnswer" | "hold" }
  | { readonly kind: "delay"; readonly ms: number }
  | { readonly kind: "crash"; readonly point: "before" | "after" }
  | { readonly kind: "errorEvent"; readonly status: number; readonly afterEvents: number }
  | { readonly kind: "withhold"; readonly nth: number; readonly ms: number };

/** Which requests: those that fit every member that is given. */
export interface RequestMatch {
  readonly verbs?: readonly ApiVerb[] | undefined;
  readonly resources?: readonly string[] | undefined;
  /** `""` for requests of the object itself. */
  readonly subresource?: string | undefined;
}

/** Which of the matching requests: the nth (from 1), the first so many, or a share of them (0 to 1, by the seed). */
export type Occasion =
  | { readonly kind: "nth"; readonly nth: number }
  | { readonly kind: "first"; readonly count: number }
  | { readonly kind: "share"; readonly share: number };

/** A fault and when it strikes; without an occasion, always. */
export interface FaultRule {
  readonly match: RequestMatch;
  readonly occasion?: Occasion | undefined;
  readonly fault: Fault;
}

/** Whether a request is one of those that are meant. */
export function matches({ verbs, resources, subresource }: RequestMatch, request: ApiRequest): boolean {
  if (request.verb === undefined) return false;
  if (verbs !== undefined && !verbs.includes(request.verb)) return false;
  if (resources !== undefined && !resources.includes(request.resource)) return false;
  return subresource === undefined || (request.subresource ?? "") === subresource;
}
