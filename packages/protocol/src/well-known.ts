// Names that both sides of the agent wire agree on: paths, headers, the WebSocket sub-protocol and context keys.

/** WebSocket sub-protocol of an ARC socket. Callers always offer it; agents also accept a socket that offers none. */
export const arcSubprotocol = "graphql-transport-ws";

/** Path of the GraphQL-over-WebSocket endpoint of an agent. */
export const subscriptionsPath = "/subscriptions";

/** Path of the GraphQL-over-HTTP endpoint of an agent (queries only). */
export const graphqlPath = "/graphql";

/** Path under which an agent publishes its {@link CapabilitiesDocument}, read by the operator. */
export const capabilitiesPath = "/.well-known/capabilities.json";

/** Upgrade request header with the subset (`stable`, `canary`) that the routing of this turn belongs to. */
export const subsetHeader = "x-subset";

/**
 * Header of an upgrade whose caller can have several operations at once on a socket, and knows that a `complete` of its own
 * ends one of them; an agent that takes several answers with the same header and how many. Without it callers ask one
 * after the other, because some agents cancel by the closing of the socket only.
 */
export const operationsHeader = "x-lmos-operations";

/** Member of the payload of a `ping` by which an agent tells such a caller that it is about to stop: `true`. */
export const drainingKey = "draining";

/**
 * W3C Trace Context: a header of requests, and the key of a `systemContext` entry that says the same of one operation,
 * because a socket, and with it the headers of its upgrade, serves many.
 */
export const traceparentHeader = "traceparent";

/** What the tracing systems along the way keep in a trace: with {@link traceparentHeader}, as header and as key. */
export const tracestateHeader = "tracestate";

/**
 * A `systemContext` entry with this key and the value `"true"` asks an agent for its answer piece by piece:
 * each piece of text comes as one `INTERMEDIATE_MESSAGE` result whose message is a *delta* (what was added, not
 * what was said so far), and at the end one `MESSAGE` result holds the full text. Without it, a turn has exactly
 * one `MESSAGE` or `ERROR` result, because ARC's Java client takes the first result for the answer.
 */
export const streamingContextKey = "lmos.streaming";

/**
 * A `systemContext` entry with this key and the value `"true"` asks an agent for the notes it emits while it
 * works ("Looking up your invoice …"): whole messages, each one `INTERMEDIATE_MESSAGE` result.
 * See {@link intermediateKindKey} for telling them from deltas.
 */
export const notesContextKey = "lmos.notes";

/**
 * Key in the `context` of an `INTERMEDIATE_MESSAGE` result that says what its message is: `"delta"` (a piece of
 * the final answer) or `"note"` (said on the way, no part of the answer).
 */
export const intermediateKindKey = "lmos.intermediate";

/**
 * Key in the `context` of the `MESSAGE` or `ERROR` result that ends a turn: how many notes of it were not sent, as their
 * reader was too slow. Where none was dropped, or the caller asked for none, there is no such entry.
 */
export const droppedNotesKey = "lmos.notes.dropped";

/**
 * A `systemContext` entry with this key holds the address at which the agent may ask other capabilities of its channel
 * while it answers: `POST {"capability", "text"}` gives `{"content", "agent"}`.
 */
export const askContextKey = "lmos.ask";

/**
 * A `systemContext` entry with this key holds the address at which the agent may read and write memory while it answers:
 * `GET`, `PUT {"value", "ttlSeconds"}` and `DELETE` on `/{term}/{scope}/{key}` below it, `GET ?term=&scope=` on it.
 */
export const memoryContextKey = "lmos.memory";

/**
 * A `systemContext` entry with this key holds a token (JWT) that was made for this agent and this operation, where the
 * runtime makes such: see {@link agentTokenType}. It also goes with the agent's requests to {@link askContextKey} and
 * {@link memoryContextKey}, as `Authorization: Bearer`.
 */
export const tokenContextKey = "lmos.token";

/**
 * The `typ` of such a token: a token of a user never passes for one, nor the other way round. Its claims: `iss`, `aud`
 * (`tenant/agent`), `sub` (a pseudonym, where the user has proved who it is), `tenant`, `channel`, `scope`, `iat`, `nbf`,
 * `exp`, `jti`.
 */
export const agentTokenType = "lmos-agent+jwt";

/** Path under which a runtime that makes such tokens publishes its public keys (a JSON Web Key Set). */
export const agentTokenKeysPath = "/.well-known/jwks.json";

/**
 * A `systemContext` entry with this key and the value `"true"` asks a runtime why it answers so; the answer's `context` has
 * it under {@link routingContextKey}.
 */
export const explainContextKey = "lmos.explain";

/** Key in the `context` of a runtime's answer: who answers and why, as JSON text, the same as the event `routing` of a stream. */
export const routingContextKey = "lmos.routing";

/**
 * Key in the metadata of the last status of an A2A task that failed: why, as the event `error` of a stream says it (`code`,
 * `retryable`, and `retryAfterSeconds` where that is known).
 */
export const failureContextKey = "lmos.failure";

/** What {@link negotiateSubprotocol} decided about an upgrade request. */
export type SubprotocolChoice =
  | { readonly kind: "accepted"; readonly subprotocol: typeof arcSubprotocol | undefined }
  | { readonly kind: "refused"; readonly reason: string };

/**
 * Chooses among the sub-protocols that a caller offers. Offering none is accepted: the Java runtime does so.
 * Offering only others is refused: the legacy `graphql-ws` has other frames under the same names.
 */
export function negotiateSubprotocol(offered: readonly string[]): SubprotocolChoice {
  if (offered.length === 0) return { kind: "accepted", subprotocol: undefined };
  if (offered.includes(arcSubprotocol)) return { kind: "accepted", subprotocol: arcSubprotocol };
  const names = offered.join(", ");
  return {
    kind: "refused",
    reason: `sub-protocol "${names}" is not served here; offer "${arcSubprotocol}" or none`,
  };
}
