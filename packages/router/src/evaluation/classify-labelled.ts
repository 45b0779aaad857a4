import type { Classifier } from "../model.ts";
import type { JudgedMessage, LabelledMessage } from "./labelled.ts";

/** Asks the classifier about every message, one after the other, each without a history. */
export async function* classifyLabelled(
  messages: readonly LabelledMessage[],
  classifier: Classifier,
  options: { readonly signal: AbortSignal },
): AsyncGenerator<JudgedMessage, void> {
  for (const message of messages) {
    yield {
      ...message,
      decision: await classifier.classify({ message: message.text, history: [] }, options),
    };
  }
}
