/**
 * Who may enter. With authentication every path needs a token unless it is in the list of open ones, a tenant in the path
 * or in the query has to be the token's, and headers that a mesh in front would set are taken off. Without it everyone
 * may enter as whoever they say they are.
 */
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { isRecord } from "@lmos/primitives";
import { agentTokenKeysPath } from "@lmos/protocol";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { sendRefusal } from "../http/refusal.ts";
import {
  type Authentication,
  type Authenticator,
  type Caller,
  type Identity,
  type RefusalReason,
  subsetScope,
} from "./identity.ts";

/** What access needs. */
export interface AccessServices {
  /** Undefined where users don't have to prove who they are. */
  readonly authenticator: Authenticator | undefined;
  readonly onAuthentication: (outcome: "authenticated" | RefusalReason) => void;
}

/** Paths that need no token: descriptions, health, and the doors of agents, which have tickets. */
const openPaths: ReadonlySet<string> = new Set([
  "/openapi.json",
  "/sdl",
  agentTokenKeysPath,
  "/collaboration/asks/:ticket",
  "/collaboration/memory/:ticket",
  "/collaboration/memory/:ticket/:term/:scope/:key",
  ...["/livez", "/health/liveness", "/readyz", "/health", "/health/readiness"],
  ...["/metrics", "/prometheus"],
]);
/** Names under which clients put tokens into addresses, where every proxy on the way writes them down. */
const tokenParameters = /[?&](access_token|id_token|token|jwt|bearer|authorization)=/i;

const callers = new WeakMap<IncomingMessage, Caller>();

/** The bearer of a request's token; undefined without authentication, and on open paths. */
export function callerOf({ raw }: Pick<FastifyRequest, "raw">): Caller | undefined {
  return callers.get(raw);
}

/** True when an address holds a token. */
export function hasTokenInUrl(url: string | undefined): boolean {
  return url !== undefined && tokenParameters.test(url);
}

/** Guards all doors of a server. */
export function guardAccess(app: FastifyInstance, services: AccessServices): void {
  const { authenticator } = services;
  app.addHook("onRequest", async (request, reply) => {
    if (hasTokenInUrl(request.url)) return refuse(request, reply, refusals.tokenInUrl);
    if (authenticator === undefined) return undefined;
    if (openPaths.has(request.routeOptions.url ?? "")) return stripHeaders(request.raw.headers, undefined);
    const outcome = await authenticator.authenticate(request.headers.authorization);
    services.onAuthentication(outcome.kind === "refused" ? outcome.reason : outcome.kind);
    if (outcome.kind === "refused") return refuse(request, reply, refusalOf(outcome));
    return admit(request, reply, outcome.caller);
  });
}

/** Takes off what only a proxy in front may say; a subset stays with those who may choose one. */
export function stripHeaders(headers: IncomingHttpHeaders, identity: Identity | undefined): undefined {
  for (const name of Object.keys(headers)) {
    if (name === "x-subset" && identity?.scopes.has(subsetScope) === true) continue;
    if (/^(x-subset|x-namespace|x-tenant|forwarded|x-forwarded-.*)$/.test(name)) delete headers[name];
  }
  return undefined;
}

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  /** What the header `www-authenticate` says. */
  readonly challenge?: string;
}

const refusals = {
  tokenInUrl: {
    status: 400,
    code: "token_in_url",
    detail: "The address holds a token: send it in the header Authorization, and never use it again.",
  },
  missing: {
    status: 401,
    code: "unauthorized",
    detail: "A token is needed: send Authorization: Bearer and the token.",
    challenge: "Bearer",
  },
  unavailable: {
    status: 503,
    code: "keys_unavailable",
    detail: "Tokens cannot be verified at the moment.",
  },
  otherTenant: { status: 403, code: "forbidden", detail: "The token is for another tenant." },
} satisfies Readonly<Record<string, Refusal>>;

/** Says nothing of a token but that it does not count, and the one reason that its bearer can do something about. */
function refusalOf({ reason }: Extract<Authentication, { kind: "refused" }>): Refusal {
  if (reason === "missing") return refusals.missing;
  if (reason === "keys_unavailable") return refusals.unavailable;
  const detail = reason === "expired" ? "The token has expired." : "The token is not valid here.";
  return { status: 401, code: "unauthorized", detail, challenge: `Bearer error="invalid_token"` };
}

async function admit(request: FastifyRequest, reply: FastifyReply, caller: Caller): Promise<unknown> {
  stripHeaders(request.raw.headers, caller.identity);
  const { query, params } = request;
  if (isRecord(query) && !caller.identity.scopes.has(subsetScope)) delete query["subset"];
  const named = [isRecord(params) && params["tenant"], isRecord(query) && query["tenantId"]];
  const isOther = named.flat().some((each) => typeof each === "string" && each !== caller.identity.tenant);
  if (isOther) return refuse(request, reply, refusals.otherTenant);
  callers.set(request.raw, caller);
  return undefined;
}

function refuse(request: FastifyRequest, reply: FastifyReply, refusal: Refusal): FastifyReply {
  const { status, code, detail, challenge } = refusal;
  if (challenge !== undefined) reply.header("www-authenticate", challenge);
  if (status === 503) reply.header("retry-after", "1");
  return sendRefusal(request, reply, { status, errorCode: code.toUpperCase(), message: detail });
}
