import { z } from "zod";
import { answerJson } from "./answer-json.ts";
import { clean } from "./offered-candidates.ts";
import { maxPlannedParts } from "./plan-prompt.ts";
import { quotesInstructions } from "./quoted-instructions.ts";

/** Longer answers are no answers. */
const maxAnswerLength = 8000;
const maxPartLength = 1000;

/** A part as the model names it. */
export interface ParsedPart {
  /** One of the ids that were offered. */
  readonly id: string;
  readonly text: string;
  /** Places of earlier parts, from 0. */
  readonly needs: readonly number[];
}

const planSchema = z.strictObject({
  parts: z
    .array(
      z.strictObject({
        id: z.string(),
        text: z.string().max(maxPartLength),
        needs: z.array(z.int().min(1).max(maxPlannedParts)).max(maxPlannedParts),
      }),
    )
    .min(1)
    .max(maxPlannedParts),
});

/**
 * The parts of an answer; undefined unless each names an id that was offered, says something, and needs only parts before
 * it, and none repeats the instructions. So a plan has an end whatever the model says.
 */
export function parsePlan(
  answer: string,
  ids: readonly string[],
  instructions: string,
): readonly ParsedPart[] | undefined {
  if (answer.length > maxAnswerLength) return undefined;
  const read = planSchema.safeParse(answerJson(answer));
  if (!read.success) return undefined;
  const parts = read.data.parts.map(({ id, text, needs }) => ({
    id,
    text: clean(text, maxPartLength),
    needs: [...new Set(needs)].map((place) => place - 1),
  }));
  const holds = parts.every(
    ({ id, text, needs }, place) =>
      ids.includes(id) &&
      text !== "" &&
      !quotesInstructions(text, instructions) &&
      needs.every((needed) => needed < place),
  );
  return holds ? parts : undefined;
}
