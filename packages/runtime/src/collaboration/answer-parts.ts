/**
 * A message that is for several agents: each gets its part, and their answers become one, in the order of the parts and
 * each with its source. How the parts get on is told as it happens, their texts as soon as it is their turn.
 */
import type { AssignedPart } from "../turn/assignment.ts";
import { sentencesOf } from "../turn/replies.ts";
import type { PartEvent, TurnEvent } from "../turn/turn.ts";
import type { AgentWork } from "./agent-work.ts";
import { askParts, type PartAnswer } from "./part-answers.ts";
import { PartProgress } from "./part-progress.ts";

/** Events that end with one `message`, or with one `error` where no part could be answered. */
export async function* answerParts(
  parts: readonly AssignedPart[],
  work: AgentWork,
): AsyncGenerator<TurnEvent, void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([work.signal, stop.signal]);
  const progress = new PartProgress();
  const asked = askParts(parts, { ...work, signal }, (part, state) => progress.add(eventOf(part, state)));
  try {
    const answers: PartAnswer[] = [];
    for (const [index, part] of parts.entries()) {
      const answer = yield* progress.until(
        asked[index] ?? Promise.reject(new TypeError("a part was not asked")),
      );
      answers.push(answer);
      const text = textOf(part, answer, work);
      yield { kind: "text-delta", text: index === 0 ? text : `\n\n${text}` };
    }
    yield composed(parts, answers, work);
  } finally {
    stop.abort();
  }
}

function composed(
  parts: readonly AssignedPart[],
  answers: readonly PartAnswer[],
  work: AgentWork,
): TurnEvent {
  const messages = answers.flatMap((answer) => (answer.kind === "answered" ? answer.message : []));
  const [failure] = answers.flatMap((answer) => (answer.kind === "failed" ? answer.failure : []));
  if (messages.length === 0 && failure !== undefined) return { kind: "error", failure };
  const entities = messages.flatMap(({ anonymizationEntities }) => anonymizationEntities ?? []);
  const texts = parts.flatMap((part, index) => {
    const answer = answers[index];
    return answer === undefined ? [] : [textOf(part, answer, work)];
  });
  return {
    kind: "message",
    content: texts.join("\n\n"),
    anonymizationEntities: entities.length === 0 ? null : entities,
  };
}

function textOf({ agent, text }: AssignedPart, answer: PartAnswer, { turn, snapshot }: AgentWork): string {
  switch (answer.kind) {
    case "answered":
      return `${answer.message.content} (${agent.name})`;
    case "failed":
      return sentencesOf(turn, snapshot).unanswered(text);
    case "skipped":
      return sentencesOf(turn, snapshot).skipped(text);
    default:
      return answer satisfies never;
  }
}

function eventOf({ agent, capability }: AssignedPart, state: PartEvent["state"]): PartEvent {
  return { kind: "part", agent: agent.name, capability, state };
}
