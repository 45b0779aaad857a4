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
  readonly Querystring: { readonly issuer?: string | readonly string[] };
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
  const onUser =
    (answer: (reply: FastifyReply, user: UserName) => Promise<FastifyReply>) =>
    async (request: FastifyRequest<UserRoute>, reply: FastifyReply): Promise<FastifyReply> => {
      const user = userOf(request);
      return user === undefined ? sendNoIssuer(reply) : answer(reply, user);
    };
  app.get<UserRoute>(
    `${path}/memory`,
    onUser((reply, user) => sendMemories(reply, state, user)),
  );
  app.get<UserRoute>(
    `${path}/audit`,
    onUser(async (reply, user) =>
      sendAttempt(reply, await state.audit(user), (entries) => ({
        entries: entries.map((entry) => ({ ...entry, at: timeText(entry.at) })),
      })),
    ),
  );
  app.delete<UserRoute>(
    path,
    onUser((reply, user) => sendErasure(reply, state, { user, by: "operator" })),
  );
}

/** Undefined where an issuer is named that cannot be one: it must not pass for a user who has none. */
function userOf({ params, query }: FastifyRequest<UserRoute>): UserName | undefined {
  const { tenant, user } = params;
  const { issuer } = query;
  if (issuer === undefined) return { tenant, userId: user };
  return typeof issuer === "string" && issuer !== ""
    ? { tenant, owner: { issuer, subject: user } }
    : undefined;
}

function sendNoIssuer(reply: FastifyReply): FastifyReply {
  const detail = "The parameter issuer is blank or there twice: name one issuer, or leave it out.";
  return sendProblem(reply, 400, { code: "invalid_request", detail });
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
