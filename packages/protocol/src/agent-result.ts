// What an agent sends back during a turn: any number of results, the last `MESSAGE` of which is the answer.
// Reading forgives what ARC servers are known to send: the status `"null"`, null lists, a missing `format`,
// no `type` at all (ARC 0.126) and types that are newer than this code.
import { z } from "zod";
import {
  type AnonymizationEntity,
  anonymizationEntitiesSchema,
  binaryDataListSchema,
  type ContextEntry,
  contextEntriesSchema,
  formatSchema,
  type Message,
} from "./agent-request.ts";

const resultTypes = ["MESSAGE", "INTERMEDIATE_MESSAGE", "EVENT", "ERROR"] as const;

/** `MESSAGE` = the answer, `INTERMEDIATE_MESSAGE` = on the way to it, `EVENT` = no message, `ERROR` = a safe text. */
export type AgentResultType = (typeof resultTypes)[number];

/** A tool that the agent used; `arguments` is JSON text. */
export interface ToolCall {
  readonly name: string;
  readonly arguments: string;
}

/** One result of a turn. */
export interface AgentResult {
  /** See {@link agentStatus}; absent when all is well. */
  readonly status?: string | undefined;
  readonly type: AgentResultType;
  /** Seconds since the agent received the turn; -1 when the sender doesn't say. */
  readonly responseTime: number;
  /** Empty for an `EVENT`, else usually one. */
  readonly messages: readonly Message[];
  readonly anonymizationEntities?: readonly AnonymizationEntity[] | undefined;
  readonly context: readonly ContextEntry[];
  readonly toolCalls: readonly ToolCall[];
}

/** The status words of ARC; a status may also be an agent's own. */
export const agentStatus = {
  unresolved: "UNRESOLVED",
  /** To a person; see {@link handoverStatus} for another agent. */
  handover: "AGENT_HANDOVER",
  hallucinationDetected: "HALLUCINATION_DETECTED",
  hackingDetected: "HACKING_DETECTED",
} as const;

/** The status that hands the conversation over to the agent of that name: `AGENT_HANDOVER[name]`. */
export function handoverStatus(agentName: string): string {
  return `${agentStatus.handover}[${agentName}]`;
}

/** The agent that a status hands over to; undefined for any other status, also for a handover to a person. */
export function handoverTarget(status: string | undefined): string | undefined {
  return status?.match(/^AGENT_HANDOVER\[(.+)\]$/)?.[1];
}

const resultMessageSchema = z.object({
  role: z.enum(["user", "assistant"]).catch("assistant"),
  content: z
    .string()
    .nullish()
    .transform((value) => value ?? ""),
  format: formatSchema,
  turnId: z
    .string()
    .nullish()
    .transform((value) => value ?? undefined),
  binaryData: binaryDataListSchema,
});

/**
 * Reads an {@link AgentResult} leniently. A missing `type` reads as `MESSAGE` (old servers have only those);
 * an unknown one as `EVENT`, so that nothing unknown is ever taken for the answer.
 */
export const agentResultSchema: z.ZodType<AgentResult> = z.object({
  status: z
    .string()
    .nullish()
    .transform((status) => (status === null || status === "null" ? undefined : status)),
  type: z.string().nullish().transform(readType),
  // Nothing depends on it: a wrong one costs no answer.
  responseTime: z
    .number()
    .nullish()
    .catch(undefined)
    .transform((seconds) => seconds ?? -1),
  messages: z
    .array(resultMessageSchema)
    .nullish()
    .transform((messages) => messages ?? []),
  anonymizationEntities: anonymizationEntitiesSchema,
  context: contextEntriesSchema,
  toolCalls: z
    .array(z.object({ name: z.string(), arguments: z.string() }))
    .nullish()
    .transform((calls) => calls ?? []),
});

function readType(type: string | null | undefined): AgentResultType {
  if (type === null || type === undefined) return "MESSAGE";
  return resultTypes.find((known) => known === type) ?? "EVENT";
}
