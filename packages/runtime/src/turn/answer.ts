/** The fourth step of a turn: what an agent replies becomes the events that the client reads. */
import { type AgentResult, contextValue, droppedNotesKey, intermediateKindKey } from "@lmos/protocol";
import type { AgentFault } from "../agents/agent-connection.ts";
import type { CallReply } from "./call.ts";
import { type TurnFailure, turnFailure } from "./failure.ts";
import type { MessageEvent, TurnEvent } from "./turn.ts";

/**
 * Reads an agent's answer: `text-delta` and `note` as they come, `notes-dropped` where not all came, at the end one `message` or one `error`. The last
 * MESSAGE is the answer: ARC 0.126 marks none, so an earlier one was said on the way, and is a `note` once that is known.
 */
export class AnswerReader {
  readonly #agentName: string;
  #answer: MessageEvent | undefined;

  constructor(agentName: string) {
    this.#agentName = agentName;
  }

  /** What the client is told of a reply, if anything; after a `message` or an `error` nothing more is to be read. */
  read(reply: CallReply): TurnEvent | undefined {
    if (reply.kind !== "result") return lastEvent(reply, this.#answer, this.#agentName);
    const { result } = reply;
    if (result.type === "ERROR") return failed(agentReportedError(this.#agentName));
    if (result.messages.length === 0) return undefined;
    if (result.type === "INTERMEDIATE_MESSAGE") return intermediateEvent(result);
    if (result.type !== "MESSAGE") return undefined;
    const earlier = this.#answer;
    this.#answer = messageOf(result);
    return earlier === undefined ? droppedNotesEvent(result) : { kind: "note", text: earlier.content };
  }
}

/** What is no count is nothing: agents may write there what they want. */
function droppedNotesEvent({ context }: AgentResult): TurnEvent | undefined {
  const dropped = contextValue(context, droppedNotesKey) ?? "";
  return /^[1-9]\d{0,8}$/.test(dropped) ? { kind: "notes-dropped", count: Number(dropped) } : undefined;
}

function messageOf(result: AgentResult): MessageEvent {
  return {
    kind: "message",
    content: textOf(result),
    anonymizationEntities: result.anonymizationEntities ?? null,
    ...(result.status === undefined ? {} : { status: result.status }),
  };
}

function intermediateEvent(result: AgentResult): TurnEvent {
  const kind = contextValue(result.context, intermediateKindKey) === "delta" ? "text-delta" : "note";
  return { kind, text: textOf(result) };
}

function textOf(result: AgentResult): string {
  return result.messages.map(({ content }) => content).join("\n\n");
}

function lastEvent(
  reply: Exclude<CallReply, { kind: "result" }>,
  answer: MessageEvent | undefined,
  agentName: string,
): TurnEvent {
  switch (reply.kind) {
    case "completed":
      return (
        answer ?? failed(turnFailure("no_answer", `The agent ${agentName} ended the turn without an answer.`))
      );
    case "timedOut":
      return failed(turnFailure("agent_timeout", `The agent ${agentName} did not answer in time.`));
    case "failed":
      return failed(failureOf(reply.fault, agentName));
    default:
      return reply satisfies never;
  }
}

function failureOf(fault: AgentFault, agentName: string): TurnFailure {
  switch (fault.kind) {
    case "unavailable":
    case "notBegun":
      return turnFailure("agent_unavailable", `The agent ${agentName} cannot be reached.`, 1);
    case "busy":
      return turnFailure("agent_busy", `The agent ${agentName} is busy.`, fault.retryAfterSeconds);
    case "limited":
      return turnFailure(
        "agent_quota_exceeded",
        `The agent ${agentName} has reached a limit of its own.`,
        fault.retryAfterSeconds,
      );
    case "protocol":
      return turnFailure("agent_protocol_error", `The agent ${agentName} sent something that is no answer.`);
    case "tooLarge":
      return turnFailure("response_too_large", `The answer of the agent ${agentName} is too large.`);
    case "error":
      return agentReportedError(agentName);
    case "interrupted":
      return turnFailure(
        "agent_interrupted",
        `The agent ${agentName} broke off before its answer was complete.`,
      );
    case "unread":
      return turnFailure("agent_interrupted", `The answer of the agent ${agentName} was read too slowly.`);
    case "unresponsive":
      return turnFailure("agent_unresponsive", `The agent ${agentName} stopped responding.`);
    default:
      return fault satisfies never;
  }
}

function agentReportedError(agentName: string): TurnFailure {
  return turnFailure("agent_error", `The agent ${agentName} reported an error.`);
}

function failed(failure: TurnFailure): TurnEvent {
  return { kind: "error", failure };
}
