/** What a language model is asked for, as data: the same for every way to reach one. */
import type { ChoiceRequest, DivisionRequest } from "./chat-model.ts";

/** What an answer may look like. */
export interface AnswerFormat {
  readonly name: string;
  /** Tokens that the answer may have. */
  readonly maxTokens: number;
  /** A JSON schema that allows none but the ids that are offered. */
  readonly schema: Readonly<Record<string, unknown>>;
}

/** The format of a choice: an id, perhaps with a question. */
export function choiceFormat({ ids }: Pick<ChoiceRequest, "ids">): AnswerFormat {
  const schema = objectOf({ id: { type: "string", enum: ids }, question: { type: ["string", "null"] } });
  return { name: "choice", maxTokens: 100, schema };
}

/**
 * The format of a plan, which repeats what the message says. How many parts there may be is said in words: not every
 * server knows bounds of lists.
 */
export function planFormat({ ids }: Pick<DivisionRequest, "ids">): AnswerFormat {
  const part = objectOf({
    id: { type: "string", enum: ids },
    text: { type: "string" },
    needs: { type: "array", items: { type: "integer" } },
  });
  return { name: "plan", maxTokens: 1000, schema: objectOf({ parts: { type: "array", items: part } }) };
}

/** Candidates and conversation as the model reads them: data, as JSON. */
export function questionText({ candidates, message }: Pick<ChoiceRequest, "candidates" | "message">): string {
  return JSON.stringify({ candidates, conversation: message });
}

function objectOf(properties: Readonly<Record<string, object>>): Readonly<Record<string, unknown>> {
  return { type: "object", properties, required: Object.keys(properties), additionalProperties: false };
}
