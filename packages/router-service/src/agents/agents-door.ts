/** `/api/v1/embeddings?tenant=&channel=`: takes agents in and forgets them again, always for the subset `stable`. */
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { parseBody, sendFailure } from "../http-failure.ts";
import { toStoreInUse, type VectorsInUse } from "../vectors.ts";
import type { GivenAgents } from "./agent-directory.ts";
import { agentDocumentSchema, toAddressedAgent } from "./agent-document.ts";

const querySchema = z.object({ tenant: z.string().min(1).max(253), channel: z.string().min(1).max(253) });

/** What the door leads to. */
export interface AgentsDoorServices {
  readonly given: GivenAgents;
  readonly vectors: VectorsInUse;
  readonly signal: AbortSignal;
}

/** Opens the paths. */
export function openAgentsDoor(app: FastifyInstance, { given, vectors, signal }: AgentsDoorServices): void {
  app.post("/api/v1/embeddings", async (request, reply) => {
    const query = parseBody(querySchema, request.query);
    if (query.kind === "invalid") return sendFailure(reply, query.failure);
    const body = parseBody(agentDocumentSchema, request.body);
    if (body.kind === "invalid") return sendFailure(reply, body.failure);
    const scope = { ...query.value, subset: "stable" };
    const agents = body.value.capabilityGroups.map(toAddressedAgent);
    await toStoreInUse(vectors, async (store) => {
      for (const agent of agents) await store.put(scope, agent, { signal });
      given.put(scope, agents);
    });
    return reply.code(204).send();
  });
  app.delete("/api/v1/embeddings", async (request, reply) => {
    const query = parseBody(querySchema, request.query);
    if (query.kind === "invalid") return sendFailure(reply, query.failure);
    const scope = { ...query.value, subset: "stable" };
    await toStoreInUse(vectors, async (store) => {
      await store.remove(scope, undefined, { signal });
      given.remove(scope);
    });
    return reply.code(204).send();
  });
}
