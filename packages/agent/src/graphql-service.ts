// GraphQL operations on the agents of a server.
import { ArcOperations } from "@lmos/arc-server";
import { type AgentRequest, type AgentResult, agentRequestSchema } from "@lmos/protocol";
import { GraphQLError } from "graphql";
import { z } from "zod";
import { agentNamed, runTurn } from "./run-turn.ts";
import type { TokenGuard } from "./token-guard.ts";
import type { Caller, TurnServices } from "./turn.ts";

/** What operations need. */
export interface GraphqlServices extends TurnServices {
  /** Operations need no token unless it is given. */
  readonly guard?: TokenGuard | undefined;
}

/** What comes with a subscription: who asks, and until when. */
export interface AgentCall {
  readonly caller: Caller;
  readonly signal: AbortSignal;
}

/** The GraphQL side of a server. */
export type GraphqlService = ArcOperations<AgentCall>;

/** Operations on these agents. */
export function createGraphqlService(services: GraphqlServices): GraphqlService {
  return new ArcOperations({
    names: services.agents.map(({ name }) => name),
    answer: async (args, { caller, signal }, asked) => {
      const parsed = parseArguments(args);
      const claims = await services.guard?.admit(parsed.request);
      const results = runTurn({ ...parsed, caller, claims }, services, { signal });
      const { name } = agentNamed(parsed.agentName, services.agents);
      return asRootValues(asked.type ? results : throwingErrors(results, name));
    },
  });
}

const argumentsSchema = z.object({ request: agentRequestSchema, agentName: z.string().nullish() });

function parseArguments(args: unknown): { request: AgentRequest; agentName: string | undefined } {
  const parsed = argumentsSchema.safeParse(args);
  const role = unknownRoleIn(args);
  if (role !== undefined) throw new GraphQLError(`Unknown role: ${role}`);
  if (!parsed.success) throw new GraphQLError(z.prettifyError(parsed.error));
  return { request: parsed.data.request, agentName: parsed.data.agentName ?? undefined };
}

const rolesSchema = z.object({ request: z.object({ messages: z.array(z.object({ role: z.string() })) }) });

/** The role of the first message that has none of the two that there are. */
function unknownRoleIn(args: unknown): string | undefined {
  const { data } = rolesSchema.safeParse(args);
  return data?.request.messages.find(({ role }) => role !== "user" && role !== "assistant")?.role;
}

/** As ARC 0.126 does it: its results have no type, and an error would be taken for the answer. */
async function* throwingErrors(
  results: AsyncIterable<AgentResult>,
  name: string,
): AsyncGenerator<AgentResult> {
  for await (const result of results) {
    if (result.type === "ERROR") throw new GraphQLError(`Agent ${name} failed!`);
    yield result;
  }
}

/** The field `agent` of each event is its result. */
async function* asRootValues(results: AsyncIterable<AgentResult>): AsyncGenerator<{ agent: AgentResult }> {
  for await (const result of results) yield { agent: result };
}
