import { isRecord } from "@lmos/primitives";
import { answerJson } from "./answer-json.ts";
import { quotesInstructions } from "./quoted-instructions.ts";

/** Longer answers are no answers. */
const maxAnswerLength = 1000;
const maxQuestionLength = 200;

/** What a language model answered. */
export interface ParsedChoice {
  /** One of the ids that were offered. */
  readonly id: string;
  /** A question to the user, where it has given one that can be shown. */
  readonly question: string | undefined;
}

/**
 * The one id of an answer, when it is `{"id": "…"}` with an id that was offered, with or without a `question`; else
 * undefined. A question that repeats the instructions is left out.
 */
export function parseChoice(
  answer: string,
  ids: readonly string[],
  instructions: string,
): ParsedChoice | undefined {
  if (answer.length > maxAnswerLength) return undefined;
  const value = answerJson(answer);
  if (!isRecord(value) || Object.keys(value).some((key) => key !== "id" && key !== "question")) {
    return undefined;
  }
  const id = ids.find((offered) => offered === value["id"]);
  if (id === undefined) return undefined;
  const question = showable(value["question"]);
  const isOurs = question !== undefined && quotesInstructions(question, instructions);
  return { id, question: isOurs ? undefined : question };
}

/** One plain sentence that asks: no markup, no link, nothing that hides. */
function showable(question: unknown): string | undefined {
  if (typeof question !== "string" || question.length > maxQuestionLength) return undefined;
  const isPlain = !/[\p{C}\p{Zl}\p{Zp}<>[\]{}`\\@]|:\/\/|www\./u.test(question);
  return isPlain && /^\p{L}.*\p{L}.*[?？؟]$/u.test(question.trim()) ? question.trim() : undefined;
}
