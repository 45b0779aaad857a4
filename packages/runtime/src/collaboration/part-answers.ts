/**
 * Asks the agents of a message's parts. What needs nobody else's answer is asked at once; a part that needs one waits for
 * it and is told it, as the conversation so far. All of them together have the time of one turn.
 */
import type { Message } from "@lmos/protocol";
import type { AssignedPart } from "../turn/assignment.ts";
import { type TurnFailure, turnFailure } from "../turn/failure.ts";
import type { MessageEvent, PartEvent } from "../turn/turn.ts";
import { maxMessageLength } from "../turn/turn-body.ts";
import type { AgentWork, ToldWork } from "./agent-work.ts";
import { answerWithHandOvers } from "./hand-over.ts";

/** What became of a part. */
export type PartAnswer =
  | { readonly kind: "answered"; readonly message: MessageEvent }
  | { readonly kind: "failed"; readonly failure: TurnFailure }
  /** A part that it needs has no answer. */
  | { readonly kind: "skipped" };

/** Called when a part begins, and when it is over. */
export type ReportPart = (part: AssignedPart, state: PartEvent["state"]) => void;

/** The answers, each when it is there, in the order of the parts. They reject only when the turn ends early. */
export function askParts(
  parts: readonly AssignedPart[],
  work: AgentWork,
  report: ReportPart,
): readonly Promise<PartAnswer>[] {
  const deadline = work.services.clock.monotonic() + work.services.limits.totalMs;
  const answers: Promise<PartAnswer>[] = [];
  for (const part of parts) {
    const needed = part.needs.flatMap((place) => neededPart(parts[place], answers[place]));
    const answer = askWhenReady(part, needed, { work: { ...work, deadline }, report });
    answer.catch(() => undefined); // whoever reads the answers hears the first that rejects
    answers.push(answer);
  }
  return answers;
}

interface NeededPart {
  readonly part: AssignedPart;
  readonly answer: Promise<PartAnswer>;
}

function neededPart(
  part: AssignedPart | undefined,
  answer: Promise<PartAnswer> | undefined,
): readonly NeededPart[] {
  return part === undefined || answer === undefined ? [] : [{ part, answer }];
}

interface PartWork {
  readonly work: AgentWork & Pick<ToldWork, "deadline">;
  readonly report: ReportPart;
}

async function askWhenReady(
  part: AssignedPart,
  needed: readonly NeededPart[],
  { work, report }: PartWork,
): Promise<PartAnswer> {
  const told: Message[] = [];
  for (const { part: earlier, answer } of needed) {
    const given = await answer;
    if (given.kind !== "answered") {
      report(part, "skipped");
      return { kind: "skipped" };
    }
    told.push(...exchange(earlier, given.message));
  }
  report(part, "started");
  const answer = await ask(part, told, work);
  report(part, answer.kind);
  return answer;
}

/** What was said before, as the agent of a later part hears it. */
function exchange({ text }: AssignedPart, { content }: MessageEvent): readonly Message[] {
  return [
    { role: "user", content: text, format: "text" },
    { role: "assistant", content: content.slice(0, maxMessageLength), format: "text" },
  ];
}

async function ask(
  part: AssignedPart,
  told: readonly Message[],
  work: PartWork["work"],
): Promise<PartAnswer> {
  const { messages } = work.turn;
  const asked = messages.slice(-1).map((message) => ({ ...message, content: part.text }));
  const toldWork = {
    ...work,
    turn: { ...work.turn, streaming: false },
    capability: part.capability,
    messages: [...messages.slice(0, -1), ...told, ...asked],
  };
  for await (const event of answerWithHandOvers(part.agent, toldWork)) {
    if (event.kind === "message") return { kind: "answered", message: event };
    if (event.kind === "error") return { kind: "failed", failure: event.failure };
  }
  return { kind: "failed", failure: turnFailure("no_answer", "A part of the message got no answer.") };
}
