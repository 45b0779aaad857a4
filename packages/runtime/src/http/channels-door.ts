/**
 * The doors that show a tenant's channels. The Kotlin runtime asks the operator each time; here the source of routings
 * answers, and goes on with what it knows while the operator is away.
 */

import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { loggable } from "../loggable.ts";
import type { CatalogueAnswer, CatalogueQuery, ChannelCatalogue } from "../routing/channel-catalogue.ts";
import { describeMissingRouting } from "../routing/missing-routing.ts";
import { refuseOtherFormats } from "./accepted.ts";
import { signalOfClient } from "./client-signal.ts";
import { sendFailure, sendJson } from "./error-body.ts";
import { firstValue } from "./first-value.ts";
import { refuseOtherMethods } from "./server.ts";

interface TenantRoute {
  readonly Params: { readonly tenant: string };
}
interface ChannelRoute {
  readonly Params: { readonly tenant: string; readonly channel: string };
}

/** Opens the doors below a base path. */
export function openChannelsDoor(app: FastifyInstance, basePath: string, catalogue: ChannelCatalogue): void {
  const path = `${basePath}/tenants/:tenant/channels`;
  const json = { onRequest: refuseOtherFormats };
  app.get<TenantRoute>(path, json, async (request, reply) => {
    const answer = await catalogue.channelsOf(tenantQuery(request), signalOfClient(reply));
    return send(reply, answer);
  });
  app.get<ChannelRoute>(`${path}/:channel`, json, async (request, reply) => {
    const { tenant, channel } = request.params;
    const answer = await catalogue.channel({ ...tenantQuery(request), channel }, signalOfClient(reply));
    const missing = `Channel not found for tenant=${loggable(tenant)} channel=${loggable(channel)}`;
    return send(reply, answer, missing);
  });
  app.get<ChannelRoute>(`${path}/:channel/routing`, json, async (request, reply) => {
    const { tenant, channel } = request.params;
    const answer = await catalogue.routing({ ...tenantQuery(request), channel }, signalOfClient(reply));
    return send(reply, answer, describeMissingRouting({ tenant, channel }));
  });
  for (const each of [path, `${path}/:channel`, `${path}/:channel/routing`]) {
    refuseOtherMethods(app, each, "GET");
  }
}

function send(reply: FastifyReply, answer: CatalogueAnswer<unknown>, missing = "Not found"): FastifyReply {
  switch (answer.kind) {
    case "found":
      return sendJson(reply, answer.value);
    case "missing":
      // Here, and only here, the Kotlin runtime has this other shape of errors.
      return sendJson(reply.code(404), { error: answer.message ?? missing });
    case "failed":
      return sendFailure(reply, answer.failure);
    default:
      return answer satisfies never;
  }
}

function tenantQuery({ params, headers }: FastifyRequest<TenantRoute>): CatalogueQuery {
  const subset = firstValue(headers["x-subset"]) || undefined;
  return { tenant: params.tenant, subset, namespace: firstValue(headers["x-namespace"]) || undefined };
}
