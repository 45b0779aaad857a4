/** A turn's events as the results of a GraphQL subscription: one for each message, bare but for its text. */
import { type ContextEntry, routingContextKey } from "@lmos/protocol";
import { GraphQLError } from "graphql";
import { explanationOf } from "../http/json-answer.ts";
import type { TurnFailure } from "../turn/failure.ts";
import type { RoutingEvent, TurnEvent } from "../turn/turn.ts";

/** Field `agent` of the subscription's root: an `AgentResult`. */
export interface AgentResultRoot {
  readonly agent: {
    readonly responseTime: number;
    readonly messages: readonly {
      readonly role: "assistant";
      readonly content: string;
      readonly format: "text";
      /** As the request names it. */
      readonly turnId: string | null;
    }[];
    /** Why it is so, for who asked; else left out, as in the Kotlin runtime. */
    readonly context?: readonly ContextEntry[];
  };
}

/** What the client wants with its answer. */
export interface AgentResultsOptions {
  /** Null where the request names none. */
  readonly turnId: string | null;
  /** Who answers and why: with the answer, or with the error that takes its place. */
  readonly explains: boolean;
}

/**
 * What the Kotlin runtime sends: its results carry neither status nor type, and its response time is always -1. A turn to
 * which its agent says nothing has no results; who asked why it is so is told that.
 *
 * @throws GraphQLError when the turn fails, with the failure's code.
 */
export async function* agentResults(
  events: AsyncIterable<TurnEvent>,
  { turnId, explains }: AgentResultsOptions,
): AsyncGenerator<AgentResultRoot, void> {
  let routing: RoutingEvent | undefined;
  for await (const event of events) {
    if (event.kind === "routing" && explains) routing = event;
    if (event.kind === "error" && event.failure.code === "no_answer" && !explains) return;
    if (event.kind === "error") throw graphqlError(event.failure, routing);
    if (event.kind === "note") yield resultOf(event.text, turnId);
    if (event.kind === "message") yield explained(resultOf(event.content, turnId), routing);
  }
}

/** A failure for those who speak GraphQL; with the routing, where that is to be told. */
export function graphqlError(
  { message, ...details }: TurnFailure,
  routing?: RoutingEvent | undefined,
): GraphQLError {
  const told = routing === undefined ? {} : { routing: explanationOf(routing) };
  return new GraphQLError(message, { extensions: { ...details, ...told } });
}

function resultOf(content: string, turnId: AgentResultsOptions["turnId"]): AgentResultRoot {
  const message = { role: "assistant", content, format: "text", turnId } as const;
  return { agent: { responseTime: -1, messages: [message] } };
}

function explained(result: AgentResultRoot, routing: RoutingEvent | undefined): AgentResultRoot {
  if (routing === undefined) return result;
  const context = [{ key: routingContextKey, value: JSON.stringify(explanationOf(routing)) }];
  return { agent: { ...result.agent, context } };
}
