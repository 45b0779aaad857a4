/**
 * The doors that show a tenant's channels. The Kotlin runtime asks the operator each time; here the runtime's own
 * mirrors answer, so the doors stay open while the operator is away.
 */
import { defaultSubset } from "@lmos/resources";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ChannelCatalogue } from "../routing/channel-catalogue.ts";
import { turnFailure } from "../turn/failure.ts";
import { channelDocument, routingDocument } from "./channel-documents.ts";
import { sendFailure, sendJson } from "./error-body.ts";
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
  app.get<TenantRoute>(path, async (request, reply) =>
    whenSynced(reply, catalogue, () => {
      const channels = catalogue.channelsOf(request.params.tenant, queryOf(request));
      return sendJson(reply, channels.map(channelDocument));
    }),
  );
  app.get<ChannelRoute>(`${path}/:channel`, async (request, reply) =>
    whenSynced(reply, catalogue, () => sendChannel(request, reply, catalogue)),
  );
  app.get<ChannelRoute>(`${path}/:channel/routing`, async (request, reply) =>
    whenSynced(reply, catalogue, () => sendRouting(request, reply, catalogue)),
  );
  for (const each of [path, `${path}/:channel`, `${path}/:channel/routing`]) {
    refuseOtherMethods(app, each, "GET");
  }
}

function sendChannel(
  request: FastifyRequest<ChannelRoute>,
  reply: FastifyReply,
  catalogue: ChannelCatalogue,
): FastifyReply {
  const { tenant, channel } = request.params;
  const { subset, namespace } = queryOf(request);
  const found = catalogue.channel({ tenant, channel, subset }, { namespace });
  if (found !== undefined) return sendJson(reply, channelDocument(found));
  return sendNotFound(reply, `Channel not found for tenant=${tenant} channel=${channel}`);
}

function sendRouting(
  request: FastifyRequest<ChannelRoute>,
  reply: FastifyReply,
  catalogue: ChannelCatalogue,
): FastifyReply {
  const { tenant, channel } = request.params;
  const { subset, namespace } = queryOf(request);
  const found = catalogue.routing({ tenant, channel, subset }, { namespace });
  if (found !== undefined) return sendJson(reply, routingDocument(found));
  return sendNotFound(reply, `No routing info found operator for tenant: ${tenant}, channel: ${channel}`);
}

/** Here, and only here, the Kotlin runtime has this other shape of errors. */
function sendNotFound(reply: FastifyReply, error: string): FastifyReply {
  return sendJson(reply.code(404), { error });
}

function whenSynced(
  reply: FastifyReply,
  catalogue: ChannelCatalogue,
  send: () => FastifyReply,
): FastifyReply {
  if (catalogue.synced) return send();
  return sendFailure(reply, turnFailure("overloaded", "The channels are not known yet.", 1));
}

function queryOf({ headers }: FastifyRequest): {
  readonly subset: string;
  readonly namespace: string | undefined;
} {
  return { subset: oneOf(headers["x-subset"]) || defaultSubset, namespace: oneOf(headers["x-namespace"]) };
}

function oneOf(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === "string" ? header : header?.[0];
}
