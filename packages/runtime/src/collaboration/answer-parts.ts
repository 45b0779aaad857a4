/**
 * A message that is for several agents: each gets its part, all at once, and their answers become one, in the order of
 * the parts and each with its source. What is ready is streamed as soon as it is its turn.
 */
import type { AssignedPart } from "../turn/assign.ts";
import { type TurnFailure, turnFailure } from "../turn/failure.ts";
import { missingPart } from "../turn/replies.ts";
import type { MessageEvent, PartEvent, TurnEvent } from "../turn/turn.ts";
import { type AgentWork, answerWithHandOvers } from "./hand-over.ts";

type PartAnswer =
  | { readonly kind: "answered"; readonly message: MessageEvent }
  | { readonly kind: "failed"; readonly failure: TurnFailure };

/** Events that end with one `message`, or with one `error` where no part could be answered. */
export async function* answerParts(
  parts: readonly AssignedPart[],
  work: AgentWork,
): AsyncGenerator<TurnEvent, void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([work.signal, stop.signal]);
  for (const part of parts) yield progressOf(part, "started");
  const pending = parts.map((part) => answerPart(part, { ...work, signal }));
  for (const answer of pending) answer.catch(() => undefined); // the first that rejects is heard below
  try {
    yield* inOrder(parts, pending);
  } finally {
    stop.abort();
  }
}

async function* inOrder(
  parts: readonly AssignedPart[],
  pending: readonly Promise<PartAnswer>[],
): AsyncGenerator<TurnEvent, void> {
  const texts: string[] = [];
  const answers: PartAnswer[] = [];
  for (const [index, part] of parts.entries()) {
    const answer = await (pending[index] ?? Promise.reject(new TypeError("a part has no answer")));
    answers.push(answer);
    yield progressOf(part, answer.kind);
    const text = textOf(part, answer);
    yield { kind: "text-delta", text: texts.length === 0 ? text : `\n\n${text}` };
    texts.push(text);
  }
  yield composed(texts, answers);
}

async function answerPart(part: AssignedPart, work: AgentWork): Promise<PartAnswer> {
  const { messages } = work.turn;
  const asked = messages.slice(-1).map((message) => ({ ...message, content: part.text }));
  const turn = { ...work.turn, streaming: false };
  const told = { ...work, turn, capability: part.capability, messages: [...messages.slice(0, -1), ...asked] };
  for await (const event of answerWithHandOvers(part.agent, told)) {
    if (event.kind === "message") return { kind: "answered", message: event };
    if (event.kind === "error") return { kind: "failed", failure: event.failure };
  }
  return { kind: "failed", failure: turnFailure("no_answer", "A part of the message got no answer.") };
}

function composed(texts: readonly string[], answers: readonly PartAnswer[]): TurnEvent {
  const messages = answers.flatMap((answer) => (answer.kind === "answered" ? answer.message : []));
  const [failure] = answers.flatMap((answer) => (answer.kind === "failed" ? answer.failure : []));
  if (messages.length === 0 && failure !== undefined) return { kind: "error", failure };
  const entities = messages.flatMap(({ anonymizationEntities }) => anonymizationEntities ?? []);
  return {
    kind: "message",
    content: texts.join("\n\n"),
    anonymizationEntities: entities.length === 0 ? null : entities,
  };
}

function textOf({ agent, text }: AssignedPart, answer: PartAnswer): string {
  return answer.kind === "failed" ? missingPart(text) : `${answer.message.content} (${agent.name})`;
}

function progressOf({ agent, capability }: AssignedPart, state: PartEvent["state"]): PartEvent {
  return { kind: "part", agent: agent.name, capability, state };
}
