/**
 * Streams that can be resumed: asked for with `x-lmos-resumable: true`, resumed by sending the same request again with
 * `Last-Event-ID`.
 */
import type { FastifyReply } from "fastify";
import { sourceOf } from "../turn/event-source.ts";
import type { Turn, TurnEvent } from "../turn/turn.ts";
import { signalOfClient } from "./client-signal.ts";
import { sendError } from "./error-body.ts";
import type { ResumableTurns } from "./resumable-turns.ts";
import { type AdmittedTurnServices, runAdmitted } from "./run-admitted.ts";
import { answerAsStream, type StreamAnswerOptions } from "./stream-answer.ts";

/** Where resumable turns run. */
export interface ResumableDoorServices extends AdmittedTurnServices {
  readonly resumable: ResumableTurns;
  readonly patience: StreamAnswerOptions["patience"];
}

/** What a client asks of a stream. */
export type StreamWish =
  | { readonly kind: "plain" }
  | { readonly kind: "resumable" }
  | { readonly kind: "resume"; readonly lastEventId: number };

/** Reads it from the headers `Last-Event-ID` and `x-lmos-resumable`. */
export function streamWishOf(headers: {
  readonly lastEventId: string | undefined;
  readonly resumable: string | undefined;
}): StreamWish {
  const { lastEventId, resumable } = headers;
  if (lastEventId !== undefined && lastEventId !== "") {
    return { kind: "resume", lastEventId: /^\d{1,9}$/.test(lastEventId) ? Number(lastEventId) : -1 };
  }
  return { kind: resumable === "true" ? "resumable" : "plain" };
}

/** Answers with a stream whose turn goes on without its reader. */
export async function answerResumable(
  turn: Turn,
  wish: Exclude<StreamWish, { kind: "plain" }>,
  { reply, services }: { readonly reply: FastifyReply; readonly services: ResumableDoorServices },
): Promise<FastifyReply> {
  const { signal } = signalOfClient(reply);
  const events = openEvents(turn, wish, { services, signal });
  if (events === undefined) {
    const message = "There is no such turn to resume, or what is missing of it is gone: send the turn again.";
    return sendError(reply, 404, { errorCode: "RESUME_IMPOSSIBLE", message });
  }
  const lastEventId = wish.kind === "resume" ? wish.lastEventId : 0;
  const owner = { signal, onEnded: () => undefined };
  return answerAsStream(sourceOf(events), { reply, patience: services.patience, owner, lastEventId });
}

function openEvents(
  turn: Turn,
  wish: Exclude<StreamWish, { kind: "plain" }>,
  { services, signal }: { readonly services: ResumableDoorServices; readonly signal: AbortSignal },
): AsyncGenerator<TurnEvent, void> | undefined {
  const { resumable } = services;
  if (wish.kind === "resume") return resumable.resume(turn, { afterId: wish.lastEventId, signal });
  const run = (abandoned: AbortSignal): AsyncGenerator<TurnEvent, void> =>
    runAdmitted(turn, services, { signal: abandoned });
  return resumable.isFull ? run(signal) : resumable.start(turn, run, { signal });
}
