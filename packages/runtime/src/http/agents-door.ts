/**
 * The doors that list a channel's agents, in the two shapes of the Kotlin runtime. The second one tells the agents'
 * addresses to whoever asks: kept because clients read it, to be closed with authentication.
 */
import { defaultSubset } from "@lmos/resources";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { RoutingTable } from "../routing/routing-table.ts";
import type { RoutedAgent, RoutingSnapshot } from "../routing/snapshot.ts";
import { turnFailure } from "../turn/failure.ts";
import { sendFailure, sendJson } from "./error-body.ts";
import { refuseOtherMethods } from "./server.ts";

interface QueryRoute {
  readonly Querystring: Readonly<Record<string, string | readonly string[] | undefined>>;
}

interface PathRoute {
  readonly Params: { readonly tenant: string; readonly channel: string };
}

/** Opens both doors below a base path. */
export function openAgentsDoor(
  app: FastifyInstance,
  basePath: string,
  routings: Pick<RoutingTable, "find">,
): void {
  app.get<QueryRoute>(`${basePath}/agents`, async (request, reply) =>
    sendByQuery(reply, request.query, routings),
  );
  app.get<PathRoute>(`${basePath}/agents/:tenant/:channel`, async (request, reply) => {
    const { tenant, channel } = request.params;
    const snapshot = routings.find({ tenant, channel, subset: defaultSubset });
    if (snapshot === undefined) return sendNoRouting(reply, tenant, channel);
    return sendJson(reply, snapshot.agents.map(describeWithAddress));
  });
  refuseOtherMethods(app, `${basePath}/agents`, "GET");
  refuseOtherMethods(app, `${basePath}/agents/:tenant/:channel`, "GET");
}

function sendByQuery(
  reply: FastifyReply,
  query: QueryRoute["Querystring"],
  routings: Pick<RoutingTable, "find">,
): FastifyReply {
  const tenant = parameter(query, "tenantId");
  if (tenant === undefined) return sendMissing(reply, "tenantId");
  const channel = parameter(query, "channelId");
  if (channel === undefined) return sendMissing(reply, "channelId");
  const subset = parameter(query, "subset") || defaultSubset;
  const snapshot = routings.find({ tenant, channel, subset });
  if (snapshot === undefined) return sendNoRouting(reply, tenant, channel);
  return sendJson(reply, describe(snapshot));
}

function describe(snapshot: RoutingSnapshot): unknown {
  return {
    subset: snapshot.identity.subset,
    agents: snapshot.agents.map((agent) => ({
      ...describeAgent(agent),
      capabilities: agent.capabilities.map(describeCapability),
    })),
  };
}

function describeWithAddress(agent: RoutedAgent): unknown {
  return {
    ...describeAgent(agent),
    capabilities: agent.capabilities.map((capability) => ({ ...describeCapability(capability), subset: "" })),
    addresses: [{ protocol: "http", uri: agent.host }],
  };
}

function describeAgent({ id, name, version, description }: RoutedAgent): Readonly<Record<string, string>> {
  return { id, name, version, description };
}

function describeCapability({
  id,
  name,
  version,
  description,
}: RoutedAgent["capabilities"][number]): Readonly<Record<string, string>> {
  return { id, name, version, description };
}

function parameter(query: QueryRoute["Querystring"], name: string): string | undefined {
  const value = query[name];
  return typeof value === "string" ? value : value?.[0];
}

/** The wording is the Kotlin runtime's. */
function sendMissing(reply: FastifyReply, name: string): FastifyReply {
  const message = `400 BAD_REQUEST "Required query parameter '${name}' is not present."`;
  return sendFailure(reply, turnFailure("invalid_request", message));
}

function sendNoRouting(reply: FastifyReply, tenant: string, channel: string): FastifyReply {
  const message = `No routing info found operator for tenant: ${tenant}, channel: ${channel}`;
  return sendFailure(reply, turnFailure("no_routing", message));
}
