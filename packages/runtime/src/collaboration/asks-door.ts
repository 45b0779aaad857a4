/** The door for agents at work: `POST /collaboration/asks/{ticket}` with a capability and a text gives an answer. */
import type { FastifyInstance, FastifyReply } from "fastify";
import { z } from "zod";
import { signalOfClient } from "../http/client-signal.ts";
import { sendJson } from "../http/error-body.ts";
import { collectAnswer } from "../http/json-answer.ts";
import { sendProblem } from "../http/problem.ts";
import type { RoutedAgent } from "../routing/snapshot.ts";
import { maxMessageLength } from "../turn/turn-body.ts";
import type { Ticket } from "./agent-work.ts";
import type { Asks } from "./asks.ts";
import { answerWithHandOvers } from "./hand-over.ts";
import { sendNotAdmitted } from "./ticket-refusal.ts";

interface TicketRoute {
  readonly Params: { readonly ticket: string };
}

/** What an agent asks. */
export const questionSchema = z.object({
  capability: z.string().max(253),
  text: z.string().min(1).max(maxMessageLength),
});
/** Agents that may wait for one another. */
const maxHops = 5;

/** Opens the door. */
export function openAsksDoor(app: FastifyInstance, asks: Asks): void {
  app.post<TicketRoute>("/collaboration/asks/:ticket", async (request, reply) => {
    const visit = asks.visit(request.params.ticket, request.headers.authorization);
    if (visit.kind !== "admitted") return sendNotAdmitted(reply, visit);
    const body = questionSchema.safeParse(request.body);
    if (body.success) return answer(body.data, visit.ticket, reply);
    return sendProblem(reply, 400, { code: "invalid_request", detail: z.prettifyError(body.error) });
  });
}

async function answer(
  { capability, text }: z.infer<typeof questionSchema>,
  ticket: Ticket,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { work, waiting } = ticket;
  const able = work.snapshot.agents.filter((agent) => offers(agent, capability));
  if (able.length === 0) {
    return sendProblem(reply, 404, {
      code: "no_capability",
      detail: "The channel has no capability of that id or name.",
    });
  }
  const agent = able.find((each) => !waiting.includes(each));
  if (agent === undefined || waiting.length >= maxHops) {
    return sendProblem(reply, 409, { code: "loop", detail: "The agents would wait for one another." });
  }
  using question = ticket.questions.begin();
  if (question === undefined) {
    const detail = "The turn has as many open questions as it may have: wait for an answer.";
    return sendProblem(reply, 429, { code: "too_many_questions", detail });
  }
  const told = { ...subWork(text, ticket, signalOfClient(reply).signal), capability };
  const asked = await collectAnswer(answerWithHandOvers(agent, told));
  if (asked.kind === "answered")
    return sendJson(reply, { content: asked.message.content, agent: agent.name });
  return sendProblem(reply, 502, { code: asked.failure.code, detail: asked.failure.message });
}

/** The asked agent sees the question only, and has what is left of the turn's time. */
function subWork(
  text: string,
  { work, waiting, deadline, questions }: Ticket,
  gone: AbortSignal,
): Parameters<typeof answerWithHandOvers>[1] {
  return {
    ...work,
    turn: { ...work.turn, streaming: false },
    messages: [{ role: "user", content: text, format: "text" }],
    signal: AbortSignal.any([work.signal, gone]),
    waiting,
    deadline,
    questions,
  };
}

function offers({ capabilities }: RoutedAgent, capability: string): boolean {
  return capabilities.some(({ id, name }) => name === capability || id === capability);
}
