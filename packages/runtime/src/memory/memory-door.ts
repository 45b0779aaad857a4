/**
 * The door to memory for agents at work, below `/collaboration/memory/{ticket}`: the ticket says whose memory it is, and it
 * ends with the agent's work.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Ticket } from "../collaboration/agent-work.ts";
import type { Asks } from "../collaboration/asks.ts";
import { sendNotAdmitted } from "../collaboration/ticket-refusal.ts";
import { sendJson } from "../http/error-body.ts";
import { sendProblem } from "../http/problem.ts";
import type { Memories, MemoryArea, MemoryOutcome, Rememberer } from "./memories.ts";
import { memoryDocument } from "./memory-documents.ts";
import { maxValueDepth, parseMemoryBody, placeSchema } from "./memory-rules.ts";

interface AreaRoute {
  readonly Params: { readonly ticket: string };
}
interface PlaceRoute {
  readonly Params: {
    readonly ticket: string;
    readonly term: string;
    readonly scope: string;
    readonly key: string;
  };
}

/** A place that an agent may look at. */
interface Visit extends MemoryArea {
  readonly who: Rememberer;
  readonly key: string;
}

const areaPath = "/collaboration/memory/:ticket";
const placePath = `${areaPath}/:term/:scope/:key`;
const areaSchema = placeSchema.omit({ key: true });

/** Opens the door. */
export function openMemoryDoor(
  app: FastifyInstance,
  { asks, memories }: { readonly asks: Asks; readonly memories: Memories },
): void {
  app.get<AreaRoute>(areaPath, async (request, reply) => {
    const visit = asks.visit(request.params.ticket, request.headers.authorization);
    if (visit.kind !== "admitted") return sendNotAdmitted(reply, visit);
    const who = remembererOf(visit.ticket);
    const area = areaSchema.safeParse(request.query);
    if (!area.success) return sendInvalid(reply, z.prettifyError(area.error));
    return sendOutcome(reply, await memories.list(who, area.data), (found) =>
      sendJson(reply, { entries: found.map((entry) => memoryDocument(entry.name, entry)) }),
    );
  });
  const onPlace =
    (
      answer: (
        visit: Visit,
        request: FastifyRequest<PlaceRoute>,
        reply: FastifyReply,
      ) => Promise<FastifyReply>,
    ) =>
    async (request: FastifyRequest<PlaceRoute>, reply: FastifyReply): Promise<FastifyReply> => {
      const visit = asks.visit(request.params.ticket, request.headers.authorization);
      if (visit.kind !== "admitted") return sendNotAdmitted(reply, visit);
      const who = remembererOf(visit.ticket);
      const place = placeSchema.safeParse(request.params);
      if (!place.success) return sendInvalid(reply, z.prettifyError(place.error));
      return answer({ who, ...place.data }, request, reply);
    };
  app.get<PlaceRoute>(
    placePath,
    onPlace((visit, _request, reply) => answerRead(visit, memories, reply)),
  );
  app.put<PlaceRoute>(
    placePath,
    onPlace((visit, { body }, reply) => answerWrite(visit, body, { memories, reply })),
  );
  app.delete<PlaceRoute>(
    placePath,
    onPlace((visit, _request, reply) => answerRemove(visit, memories, reply)),
  );
}

function remembererOf({ work, waiting, capability }: Ticket): Rememberer {
  const agent = waiting.at(-1);
  if (agent === undefined) throw new TypeError("a ticket is nobody's");
  return { turn: work.turn, agent: agent.name, capability };
}

async function answerRead(
  { who, key, ...area }: Visit,
  memories: Memories,
  reply: FastifyReply,
): Promise<FastifyReply> {
  return sendOutcome(reply, await memories.read(who, area, key), (entry) =>
    entry === undefined ? sendNothing(reply) : sendJson(reply, memoryDocument(key, entry)),
  );
}

async function answerWrite(
  { who, key: name, ...area }: Visit,
  body: unknown,
  { memories, reply }: { readonly memories: Memories; readonly reply: FastifyReply },
): Promise<FastifyReply> {
  const read = parseMemoryBody(body);
  if (read === undefined) return sendInvalid(reply, `value: is nested more than ${maxValueDepth} deep`);
  if (!read.success) return sendInvalid(reply, z.prettifyError(read.error));
  const { value, ttlSeconds } = read.data;
  return sendOutcome(reply, await memories.write(who, area, { name, value, ttlSeconds }), (entry) =>
    entry === "full"
      ? sendProblem(reply, 409, {
          code: "memory_full",
          detail: "The user has as many values as it may have.",
        })
      : sendJson(reply, memoryDocument(name, entry)),
  );
}

async function answerRemove(
  { who, key, ...area }: Visit,
  memories: Memories,
  reply: FastifyReply,
): Promise<FastifyReply> {
  return sendOutcome(reply, await memories.remove(who, area, key), (removed) =>
    removed ? reply.code(204).send() : sendNothing(reply),
  );
}

function sendOutcome<T>(
  reply: FastifyReply,
  outcome: MemoryOutcome<T>,
  sendDone: (value: T) => FastifyReply,
): FastifyReply {
  switch (outcome.kind) {
    case "done":
      return sendDone(outcome.value);
    case "noUser":
      return sendProblem(reply, 409, {
        code: "no_user",
        detail:
          "The turn's user has no name, so nothing is remembered beyond the conversation: use the term short.",
      });
    case "failed":
      return sendProblem(reply.header("retry-after", "1"), 503, {
        code: "state_unavailable",
        detail: "Memory cannot be reached at the moment.",
      });
    default:
      return outcome satisfies never;
  }
}

function sendNothing(reply: FastifyReply): FastifyReply {
  return sendProblem(reply, 404, { code: "no_memory", detail: "Nothing is remembered there." });
}

function sendInvalid(reply: FastifyReply, detail: string): FastifyReply {
  return sendProblem(reply, 400, { code: "invalid_request", detail });
}
