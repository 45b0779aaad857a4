import type { Alternative, RoutableAgent } from "./model.ts";
import { type SaidTo, sentencesFor } from "./sentences/sentences-for.ts";

/** Words of a description that go into a question. */
const maxDescriptionLength = 120;

/**
 * A question that lets the user choose between the agents in question, worded from what their capabilities say of
 * themselves; made without a model.
 */
export function clarifyingQuestion(
  choices: readonly Alternative[],
  agents: readonly RoutableAgent[],
  said: SaidTo,
): string {
  return sentencesFor(said).whichChoice([...new Set(choices.map((choice) => describe(choice, agents)))]);
}

function describe(choice: Alternative, agents: readonly RoutableAgent[]): string {
  const capabilities = agents
    .filter(({ name }) => name === choice.agent)
    .flatMap((agent) => agent.capabilities);
  const capability = capabilities.find(({ id }) => id === choice.capability);
  const text = firstSentence(capability?.description ?? "") || capability?.name || choice.capability;
  return text.length > maxDescriptionLength ? `${text.slice(0, maxDescriptionLength).trimEnd()}…` : text;
}

function firstSentence(description: string): string {
  const [sentence = ""] = description
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .trim()
    .split(/(?<=[.!?])\s/u);
  return sentence.replace(/[.!?]+$/u, "");
}
