// A model for tests: it says what it was told to, round by round, and remembers what it was asked.
import type { ChatEvent, ChatModel, ChatRequest } from "./chat-model.ts";

/** A model that plays a script. */
export interface ScriptedModel extends ChatModel {
  /** What it was asked so far, one entry a round. */
  readonly requests: readonly ChatRequest[];
}

/** Makes a model whose n-th round consists of the n-th list of events; later rounds are empty. */
export function scriptedModel(rounds: readonly (readonly ChatEvent[])[]): ScriptedModel {
  const requests: ChatRequest[] = [];
  return {
    id: "scripted",
    requests,
    async *chat(request, { signal }) {
      const events = rounds[requests.length] ?? [];
      requests.push(request);
      for (const event of events) {
        signal.throwIfAborted();
        yield event;
      }
    },
  };
}
