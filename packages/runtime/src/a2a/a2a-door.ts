/**
 * The door for A2A: `/a2a/{tenant}/{channel}` is one agent that speaks JSON-RPC. A message is answered by a message, a
 * streamed one by a task; the tasks of late can be asked for.
 */
import { type IdSource, isRecord } from "@lmos/primitives";
import { defaultSubset, issuesText } from "@lmos/resources";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { callerOf } from "../auth/access.ts";
import { signalOfClient } from "../http/client-signal.ts";
import { correlationOfRequest } from "../http/correlation.ts";
import { sendJson } from "../http/error-body.ts";
import { type StreamPatience, writeTexts } from "../http/event-stream.ts";
import { firstValue } from "../http/first-value.ts";
import { collectAnswer, explanationHeaders } from "../http/json-answer.ts";
import { sendProblem } from "../http/problem.ts";
import { type AdmittedTurnServices, runAdmitted } from "../http/run-admitted.ts";
import { isNoJson } from "../http/server.ts";
import { beginStream } from "../http/stream-answer.ts";
import { findRouting } from "../routing/find-routing.ts";
import { acceptTurn } from "../turn/accept.ts";
import type { TurnFailure } from "../turn/failure.ts";
import type { Turn, TurnEvent } from "../turn/turn.ts";
import { agentCardOf } from "./agent-card.ts";
import { type RecentTask, RecentTasks } from "./recent-tasks.ts";
import {
  type A2aMessage,
  hasText,
  isSpoken,
  methodNamed,
  type NamedMethod,
  rpcIdSchema,
  rpcRequestSchema,
  sendParamsSchema,
  taskParamsSchema,
  textOf,
} from "./request.ts";
import { type A2aWriter, type TaskRef, writerFor } from "./response.ts";
import { type A2aError, a2aErrors, errorDetails, rpcCode } from "./rpc-errors.ts";
import { taskEvents } from "./task-stream.ts";

/** What the door leads to. */
export interface A2aDoorServices extends AdmittedTurnServices {
  readonly ids: IdSource;
  readonly limits: StreamPatience["limits"];
  /** Where users reach the doors; undefined where they reach them as they are asked for here. */
  readonly publicUrl: string | undefined;
}

interface ChannelRoute {
  readonly Params: { readonly tenant: string; readonly channel: string };
}
type A2aRequest = FastifyRequest<ChannelRoute>;

/** Opens the door. */
export function openA2aDoor(app: FastifyInstance, services: A2aDoorServices): void {
  const path = "/a2a/:tenant/:channel";
  const tasks = new RecentTasks();
  app.get<ChannelRoute>(`${path}/.well-known/agent-card.json`, async (request, reply) => {
    const identity = { ...request.params, subset: defaultSubset };
    const found = await findRouting(identity, services.turns, signalOfClient(reply));
    if (found.kind === "found") return sendJson(reply, agentCardOf(found.snapshot, urlOf(request, services)));
    return sendProblem(reply, 404, { code: "no_routing", detail: "There is no such channel." });
  });
  const errorHandler = (error: unknown, _request: FastifyRequest, reply: FastifyReply): FastifyReply =>
    isNoJson(error) ? sendError({ reply, id: null }, rpcCode.noJson, "Not JSON") : reply.send(error);
  app.post<ChannelRoute>(path, { errorHandler }, async (request, reply) =>
    answerCall({ request, reply, services, tasks }),
  );
}

interface Exchange {
  readonly request: A2aRequest;
  readonly reply: FastifyReply;
  readonly services: A2aDoorServices;
  readonly tasks: RecentTasks;
}

interface Call extends Exchange {
  readonly id: string | number | null;
  readonly version: NamedMethod["version"];
  readonly writer: A2aWriter;
}

async function answerCall(exchange: Exchange): Promise<FastifyReply> {
  const rpc = rpcRequestSchema.safeParse(exchange.request.body);
  if (!rpc.success) {
    const reason = `Not a JSON-RPC 2.0 request: ${issuesText(rpc.error)}`;
    return sendError({ ...exchange, id: idOf(exchange.request) }, rpcCode.invalidRequest, reason);
  }
  const { id, method: name, params } = rpc.data;
  const method = methodNamed(name);
  if (method === undefined) return sendError({ ...exchange, id }, rpcCode.noMethod, "Method not found");
  const { version } = method;
  const call = { ...exchange, id, version, writer: writerFor(version) };
  if (!isSpoken(firstValue(exchange.request.headers["a2a-version"]))) {
    return refuse(call, a2aErrors.otherVersion);
  }
  return answerMethod(call, method.method, params);
}

async function answerMethod(
  call: Call,
  method: NamedMethod["method"],
  params: unknown,
): Promise<FastifyReply> {
  switch (method) {
    case "send":
      return answerMessage(call, params, { streaming: false });
    case "stream":
      return answerMessage(call, params, { streaming: true });
    case "getTask":
      return withTask(call, params, ({ ref, state, text }) =>
        sendResult(call, call.writer.task(ref, state, text)),
      );
    case "cancelTask":
      return withTask(call, params, ({ state }) =>
        refuse(call, state === "working" ? a2aErrors.taskAtWork : a2aErrors.taskEnded),
      );
    case "subscribe":
      return withTask(call, params, () => refuse(call, a2aErrors.noSecondStream));
    case "listTasks":
      return refuse(call, a2aErrors.noList);
    case "push":
      return refuse(call, a2aErrors.noPush);
    case "extendedCard":
      return refuse(call, a2aErrors.noExtendedCard);
    default:
      return method satisfies never;
  }
}

/** As far as it can be read: a client waits for the answer to it. */
function idOf({ body }: A2aRequest): Call["id"] {
  const { data } = rpcIdSchema.safeParse(isRecord(body) ? body["id"] : null);
  return data ?? null;
}

/** Answers what asks about a task, if that is one of its channel and of who asks. */
function withTask(call: Call, params: unknown, answer: (task: RecentTask) => FastifyReply): FastifyReply {
  const asked = taskParamsSchema.safeParse(params);
  if (!asked.success) return sendError(call, rpcCode.invalidParams, z.prettifyError(asked.error));
  const { tenant, channel } = call.request.params;
  const owner = callerOf(call.request)?.identity;
  const task = call.tasks.find({ tenant, channel, owner, taskId: asked.data.id });
  return task === undefined ? refuse(call, a2aErrors.noTask) : answer(task);
}

async function answerMessage(
  call: Call,
  params: unknown,
  { streaming }: { readonly streaming: boolean },
): Promise<FastifyReply> {
  const sent = sendParamsSchema.safeParse(params);
  if (!sent.success) return sendError(call, rpcCode.invalidParams, z.prettifyError(sent.error));
  const { message } = sent.data;
  if (!hasText(message)) return refuse(call, a2aErrors.noText);
  const ref = { taskId: call.services.ids.next(), contextId: message.contextId ?? call.services.ids.next() };
  const acceptance = acceptMessage(message, ref, { request: call.request, streaming });
  if (acceptance.kind === "refused") return sendFailure(call, acceptance.failure);
  const { signal } = signalOfClient(call.reply);
  const events = runAdmitted(acceptance.turn, call.services, { signal });
  if (streaming) return sendStream(call, events, { ref, turn: acceptance.turn, signal });
  const answer = await collectAnswer(events);
  if (asksForExplanation(call) && answer.routing !== undefined) {
    call.reply.headers(explanationHeaders(answer.routing));
  }
  if (answer.kind === "failed") return sendFailure(call, answer.failure);
  return sendResult(call, call.writer.message(answer.message.content, ref));
}

function asksForExplanation({ request }: Call): boolean {
  return request.headers["x-lmos-explain"] === "true";
}

function acceptMessage(
  message: A2aMessage,
  { contextId }: TaskRef,
  { request, streaming }: { readonly request: A2aRequest; readonly streaming: boolean },
): ReturnType<typeof acceptTurn> {
  const userId = message.metadata?.["userId"];
  return acceptTurn({
    tenant: request.params.tenant,
    conversationId: contextId,
    turnId: message.messageId,
    subset: undefined,
    history: "server", // clients of A2A send each message alone, and name the conversation
    streaming,
    correlation: correlationOfRequest(request),
    caller: callerOf(request),
    body: {
      inputContext: { messages: [{ role: "user", content: textOf(message) }] },
      systemContext: { channelId: request.params.channel },
      userContext: { userId: typeof userId === "string" ? userId : "anonymous" },
    },
  });
}

function sendStream(
  call: Call,
  events: AsyncIterable<TurnEvent>,
  { ref, turn, signal }: { readonly ref: TaskRef; readonly turn: Turn; readonly signal: AbortSignal },
): FastifyReply {
  const seen = call.tasks.watch(events, ref, turn);
  const explains = asksForExplanation(call);
  async function* frames(): AsyncGenerator<string, void> {
    for await (const result of taskEvents(seen, ref, { writer: call.writer, explains })) {
      yield `data: ${JSON.stringify({ jsonrpc: "2.0", id: call.id, result })}\n\n`;
    }
  }
  const { limits, turns } = call.services;
  const response = beginStream(call.reply);
  writeTexts(response, frames(), { clock: turns.clock, limits, signal }).then(
    () => response.end(),
    () => response.destroy(), // its reader is gone, or takes nothing
  );
  return call.reply;
}

function sendFailure(call: Call, { message, ...details }: TurnFailure): FastifyReply {
  const isMistake = details.code === "invalid_request" || details.code === "no_routing";
  return sendError(call, isMistake ? rpcCode.invalidParams : rpcCode.internal, message, details);
}

function sendResult({ reply, id }: Call, result: unknown): FastifyReply {
  return sendJson(reply, { jsonrpc: "2.0", id, result });
}

function refuse(call: Call, error: A2aError): FastifyReply {
  return sendError(call, error.code, error.message, errorDetails(error, call.version));
}

function sendError(
  { reply, id }: Pick<Call, "reply" | "id">,
  code: number,
  message: string,
  data?: object,
): FastifyReply {
  const error = data === undefined ? { code, message } : { code, message, data };
  return sendJson(reply, { jsonrpc: "2.0", id, error });
}

function urlOf({ protocol, host, params }: A2aRequest, { publicUrl }: A2aDoorServices): string {
  const base = publicUrl ?? `${protocol}://${host}`;
  return `${base}/a2a/${encodeURIComponent(params.tenant)}/${encodeURIComponent(params.channel)}`;
}
