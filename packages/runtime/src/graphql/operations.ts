/** GraphQL operations on a runtime, which is one agent to its clients. */
import { ArcOperations } from "@lmos/arc-server";
import { agentRequestSchema, contextValue, explainContextKey } from "@lmos/protocol";
import { GraphQLError } from "graphql";
import { z } from "zod";
import type { Caller } from "../auth/identity.ts";
import { type AdmittedTurnServices, runAdmitted } from "../http/run-admitted.ts";
import type { Correlation } from "../turn/turn.ts";
import { type AgentResultRoot, agentResults, graphqlError } from "./agent-results.ts";
import { acceptRequest } from "./turn-of-request.ts";

/** Who subscribes, and until when. */
export interface SubscriptionCall {
  readonly correlation: Correlation;
  /** Who proved to be the user; undefined where users don't have to. */
  readonly caller?: Caller | undefined;
  /** Of requests that name none: what a proxy says of their socket, where it may. */
  readonly tenant?: string | undefined;
  readonly signal: AbortSignal;
}

/** The GraphQL side of a runtime. */
export type GraphqlOperations = ArcOperations<SubscriptionCall>;

/** Operations that run turns; aborting one cancels its turn. */
export function createGraphqlOperations(services: AdmittedTurnServices): GraphqlOperations {
  return new ArcOperations({
    names: ["lmos-runtime"],
    answer: (args, call) => answerTurn(args, call, services),
  });
}

const argumentsSchema = z.object({ request: agentRequestSchema });

function answerTurn(
  args: unknown,
  { signal, ...call }: SubscriptionCall,
  services: AdmittedTurnServices,
): AsyncGenerator<AgentResultRoot, void> {
  const parsed = argumentsSchema.safeParse(args);
  if (!parsed.success) throw new GraphQLError(z.prettifyError(parsed.error));
  const { request } = parsed.data;
  const acceptance = acceptRequest(request, call);
  if (acceptance.kind === "refused") throw graphqlError(acceptance.failure);
  const explains = contextValue(request.systemContext, explainContextKey) === "true";
  const turnId = request.conversationContext.turnId ?? null;
  return agentResults(runAdmitted(acceptance.turn, services, { signal }), { turnId, explains });
}
