/**
 * The doors to what is kept for a user. A user who has proved who it is sees and erases its own; operators do so for
 * anyone, at the address for health and metrics, where no user gets.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { callerOf } from "../auth/access.ts";
import { sendJson } from "../http/error-body.ts";
import { sendProblem } from "../http/problem.ts";
import type { UserName } from "../identity/state-keys.ts";
import type { Attempt } from "../state/state-health.ts";
import { placedDocument, timeText } from "./memory-documents.ts";
import type { UserState } from "./user-state.ts";

interface OwnRoute {
  readonly Params: { readonly tenant: string };
}
interface UserRoute {
  readonly Params: { readonly tenant: string; readonly user: string };
  readonly Querystring: { readonly issuer?: string };
}

/** Opens `…/tenants/{tenant}/users/me` below a base path. */
export function openOwnStateDoor(app: FastifyInstance, basePath: string, state: UserState): void {
  const path = `${basePath}/tenants/:tenant/users/me`;
  const own = (request: FastifyRequest<OwnRoute>): UserName | undefined => {
    const owner = callerOf(request)?.identity;
    return owner && { owner, tenant: request.params.tenant };
  };
  app.get<OwnRoute>(`${path}/memory`, async (request, reply) => {
    const user = own(request);
    return user === undefined ? sendNobody(reply) : sendMemories(reply, state, user);
  });
  app.delete<OwnRoute>(path, async (request, reply) => {
    const user = own(request);
    return user === undefined ? sendNobody(reply) : sendErasure(reply, state, { user, by: "user" });
  });
}

/** Opens `/users/{tenant}/{user}`: the user is a subject where an issuer is named, else what clients call it. */
export function openUsersDoor(app: FastifyInstance, state: UserState): void {
  const path = "/users/:tenant/:user";
  app.get<UserRoute>(`${path}/memory`, async (request, reply) => sendMemories(reply, state, userOf(request)));
  app.get<UserRoute>(`${path}/audit`, async (request, reply) =>
    sendAttempt(reply, await state.audit(userOf(request)), (entries) => ({
      entries: entries.map((entry) => ({ ...entry, at: timeText(entry.at) })),
    })),
  );
  app.delete<UserRoute>(path, async (request, reply) =>
    sendErasure(reply, state, { user: userOf(request), by: "operator" }),
  );
}

function userOf({ params, query }: FastifyRequest<UserRoute>): UserName {
  const { tenant, user } = params;
  const { issuer } = query;
  return typeof issuer === "string" ? { tenant, owner: { issuer, subject: user } } : { tenant, userId: user };
}

async function sendMemories(reply: FastifyReply, state: UserState, user: UserName): Promise<FastifyReply> {
  return sendAttempt(reply, await state.memories(user), (found) => ({ entries: found.map(placedDocument) }));
}

async function sendErasure(
  reply: FastifyReply,
  state: UserState,
  { user, by }: { readonly user: UserName; readonly by: "user" | "operator" },
): Promise<FastifyReply> {
  return sendAttempt(reply, await state.erase(user, by), (report) => ({ erased: report }));
}

function sendAttempt<T>(
  reply: FastifyReply,
  attempt: Attempt<T>,
  document: (value: T) => unknown,
): FastifyReply {
  if (attempt.kind === "done") return sendJson(reply, document(attempt.value));
  const detail = "What is kept cannot be reached at the moment: try again.";
  return sendProblem(reply.header("retry-after", "1"), 503, { code: "state_unavailable", detail });
}

function sendNobody(reply: FastifyReply): FastifyReply {
  return sendProblem(reply, 403, {
    code: "forbidden",
    detail: "Users don't have to prove who they are here, so nobody sees what is kept for one.",
  });
}
