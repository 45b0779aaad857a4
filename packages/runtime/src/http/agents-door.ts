/**
 * The doors that list a channel's agents, in the two shapes of the Kotlin runtime. The second one tells the agents'
 * addresses to whoever asks, because clients read them; where users prove who they are, it tells none.
 */
import { type ChannelIdentity, defaultSubset } from "@lmos/resources";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { callerOf } from "../auth/access.ts";
import { findRouting, type ServedRoutings } from "../routing/find-routing.ts";
import type { RoutedAgent, RoutingSnapshot } from "../routing/snapshot.ts";
import { turnFailure } from "../turn/failure.ts";
import { refuseOtherFormats } from "./accepted.ts";
import { signalOfClient } from "./client-signal.ts";
import { sendFailure, sendJson } from "./error-body.ts";
import { refuseOtherMethods } from "./server.ts";

interface QueryRoute {
  readonly Querystring: Readonly<Record<string, string | readonly string[] | undefined>>;
}

interface PathRoute {
  readonly Params: { readonly tenant: string; readonly channel: string };
}

/** Opens both doors below a base path. */
export function openAgentsDoor(app: FastifyInstance, basePath: string, services: ServedRoutings): void {
  const json = { onRequest: refuseOtherFormats };
  app.get<QueryRoute>(`${basePath}/agents`, json, async (request, reply) =>
    sendByQuery(reply, request, services),
  );
  app.get<PathRoute>(`${basePath}/agents/:tenant/:channel`, json, async (request, reply) => {
    const identity = { ...request.params, subset: defaultSubset };
    const describeAll = callerOf(request) === undefined ? describeWithAddress : describeWithoutAddress;
    return sendAgents(reply, identity, services, ({ agents }) => agents.map(describeAll));
  });
  refuseOtherMethods(app, `${basePath}/agents`, "GET");
  refuseOtherMethods(app, `${basePath}/agents/:tenant/:channel`, "GET");
}

async function sendByQuery(
  reply: FastifyReply,
  request: FastifyRequest<QueryRoute>,
  services: ServedRoutings,
): Promise<FastifyReply> {
  const tenant = parameter(request, "tenantId");
  if (tenant === undefined) return sendMissing(reply, "tenantId");
  const channel = parameter(request, "channelId");
  if (channel === undefined) return sendMissing(reply, "channelId");
  const subset = parameter(request, "subset") || defaultSubset;
  return sendAgents(reply, { tenant, channel, subset }, services, describe);
}

async function sendAgents(
  reply: FastifyReply,
  identity: ChannelIdentity,
  services: ServedRoutings,
  document: (snapshot: RoutingSnapshot) => unknown,
): Promise<FastifyReply> {
  const found = await findRouting(identity, services, signalOfClient(reply));
  return found.kind === "found"
    ? sendJson(reply, document(found.snapshot))
    : sendFailure(reply, found.failure);
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

function describeWithoutAddress(agent: RoutedAgent): unknown {
  return { ...describeWithAddress(agent), addresses: [] };
}

function describeWithAddress(agent: RoutedAgent): object {
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

/**
 * What is said several times is said as one text, as Spring reads it: the first one would be taken for the answer to all. A
 * name without `=` gives nothing.
 */
function parameter({ query, url }: FastifyRequest<QueryRoute>, name: string): string | undefined {
  if (!new RegExp(`[?&]${name}=`).test(url)) return undefined;
  const value = query[name];
  return typeof value === "string" ? value : value?.join(",");
}

/** The wording is the Kotlin runtime's. */
function sendMissing(reply: FastifyReply, name: string): FastifyReply {
  const message = `400 BAD_REQUEST "Required query parameter '${name}' is not present."`;
  return sendFailure(reply, turnFailure("invalid_request", message));
}
