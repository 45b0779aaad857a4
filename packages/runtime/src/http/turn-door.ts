/** The door for messages: `POST …/{tenant}/chat/{conversation}/message`, answered as JSON or as an event stream. */
import type { ServerResponse } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { callerOf } from "../auth/access.ts";
import { RuntimeError } from "../errors.ts";
import { acceptTurn } from "../turn/accept.ts";
import { runTurn, type TurnServices } from "../turn/run-turn.ts";
import type { RunningTurn, RunningTurns } from "../turn/running-turns.ts";
import type { TurnEvent } from "../turn/turn.ts";
import { acceptedFormat } from "./accepted.ts";
import { correlationOfRequest } from "./correlation.ts";
import { isStalledReader } from "./drain.ts";
import { sendError, sendFailure, sendTextOnce } from "./error-body.ts";
import type { StreamOwner } from "./event-writer.ts";
import { collectAnswer, explanationHeaders, statusHeader } from "./json-answer.ts";
import { answerResumable, type StreamWish, streamWishOf } from "./resumable-door.ts";
import type { ResumableTurns } from "./resumable-turns.ts";
import { refuseOtherMethods } from "./server.ts";
import { answerAsStream, type StreamAnswerOptions } from "./stream-answer.ts";

/** What the door leads to. */
export interface TurnDoorServices {
  readonly patience: StreamAnswerOptions["patience"];
  readonly turns: TurnServices;
  readonly running: RunningTurns;
  readonly resumable: ResumableTurns;
}

interface TurnRoute {
  readonly Params: { readonly tenant: string; readonly conversation: string };
}
type TurnRequest = FastifyRequest<TurnRoute>;

/** Opens the door below a base path. */
export function openTurnDoor(app: FastifyInstance, basePath: string, services: TurnDoorServices): void {
  const path = `${basePath}/:tenant/chat/:conversation/message`;
  app.post<TurnRoute>(path, async (request, reply) => answerTurn(request, reply, services));
  refuseOtherMethods(app, path, "POST");
}

async function answerTurn(
  request: TurnRequest,
  reply: FastifyReply,
  services: TurnDoorServices,
): Promise<FastifyReply> {
  const turnId = headerText(request, "x-turn-id");
  if (turnId !== undefined) reply.header("x-turn-id", turnId);
  const format = acceptedFormat(headerText(request, "accept"));
  if (format === undefined) {
    const message = "Only application/json and text/event-stream are served: ask for one of them.";
    return sendError(reply, 406, { errorCode: "NOT_ACCEPTABLE", message });
  }
  const acceptance = acceptTurn({
    tenant: request.params.tenant,
    conversationId: request.params.conversation,
    turnId,
    subset: headerText(request, "x-subset"),
    history: headerText(request, "x-lmos-history"),
    body: request.body,
    streaming: format === "stream",
    correlation: correlationOfRequest(request),
    caller: callerOf(request),
  });
  if (acceptance.kind === "refused") return sendFailure(reply, acceptance.failure);
  const wish = format === "stream" ? wishOf(request) : plain;
  if (wish.kind !== "plain") return answerResumable(acceptance.turn, wish, { reply, services });
  const admission = await services.running.admit(acceptance.turn);
  if (admission.kind === "refused") return sendFailure(reply, admission.failure);
  const { running } = admission;
  endWithClient(reply.raw, running);
  const events = runTurn(acceptance.turn, services.turns, { signal: running.signal });
  if (format === "stream") {
    const owner = new StreamedTurn(running);
    return answerAsStream(events, { reply, patience: services.patience, owner, lastEventId: 0 });
  }
  using _ = running;
  return await answerAsJson(events, request, reply);
}

const plain: StreamWish = { kind: "plain" };

function wishOf(request: TurnRequest): StreamWish {
  return streamWishOf({
    lastEventId: headerText(request, "last-event-id"),
    resumable: headerText(request, "x-lmos-resumable"),
  });
}

/** Holds nothing but these two, for as long as the turn takes. */
function endWithClient(response: ServerResponse, running: RunningTurn): void {
  const onClose = (): void => {
    if (response.writableFinished) return;
    running.abort(new RuntimeError("ClientDisconnected", "the client is gone"));
  };
  response.on("close", onClose); // it comes once
  if (response.closed) onClose(); // it left while its turn waited for a place
}

/** Leaves its turn's place when the stream has ended. */
class StreamedTurn implements StreamOwner {
  readonly #running: RunningTurn;

  constructor(running: RunningTurn) {
    this.#running = running;
  }

  get signal(): AbortSignal {
    return this.#running.signal;
  }

  onEnded(error?: unknown): void {
    if (isStalledReader(error)) {
      this.#running.abort(new RuntimeError("ClientStalled", "the client reads nothing"));
    }
    this.#running[Symbol.dispose]();
  }
}

async function answerAsJson(
  events: AsyncIterable<TurnEvent>,
  request: TurnRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const answer = await collectAnswer(events);
  if (headerText(request, "x-lmos-explain") === "true" && answer.routing !== undefined) {
    reply.headers(explanationHeaders(answer.routing));
  }
  if (answer.kind === "failed") return sendFailure(reply, answer.failure);
  const { content, anonymizationEntities } = answer.message;
  reply.headers(statusHeader(answer.message));
  return sendTextOnce(reply, JSON.stringify({ content, anonymizationEntities }));
}

function headerText(request: TurnRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(", ") : value;
}
