/** A turn's events as the results of a GraphQL subscription: one for each message, bare but for its text. */
import { GraphQLError } from "graphql";
import type { TurnFailure } from "../turn/failure.ts";
import type { TurnEvent } from "../turn/turn.ts";

/** Field `agent` of the subscription's root: an `AgentResult`. */
export interface AgentResultRoot {
  readonly agent: {
    readonly responseTime: number;
    readonly messages: readonly {
      readonly role: "assistant";
      readonly content: string;
      readonly format: "text";
      readonly turnId: string;
    }[];
  };
}

/**
 * What the Kotlin runtime sends: its results carry neither status nor type, and its response time is always -1.
 *
 * @throws GraphQLError when the turn fails, with the failure's code.
 */
export async function* agentResults(
  events: AsyncIterable<TurnEvent>,
  turnId: string,
): AsyncGenerator<AgentResultRoot, void> {
  for await (const event of events) {
    if (event.kind === "error") throw graphqlError(event.failure);
    if (event.kind === "note") yield resultOf(event.text, turnId);
    if (event.kind === "message") yield resultOf(event.content, turnId);
  }
}

/** A failure for those who speak GraphQL. */
export function graphqlError({ code, message, retryable }: TurnFailure): GraphQLError {
  return new GraphQLError(message, { extensions: { code, retryable } });
}

function resultOf(content: string, turnId: string): AgentResultRoot {
  const message = { role: "assistant", content, format: "text", turnId } as const;
  return { agent: { responseTime: -1, messages: [message] } };
}
