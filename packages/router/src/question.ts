import type { Alternative, RoutableAgent } from "./model.ts";

/** Words of a description that go into a question. */
const maxDescriptionLength = 120;

/**
 * A question that lets the user choose between the agents in question, worded from what their capabilities say of
 * themselves. English; made without a model.
 */
export function clarifyingQuestion(
  choices: readonly Alternative[],
  agents: readonly RoutableAgent[],
): string {
  const options = [...new Set(choices.map((choice) => describe(choice, agents)))];
  return `I want to be sure I understand you. Is it about: ${joinWithOr(options)}?`;
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

function joinWithOr(options: readonly string[]): string {
  const quoted = options.map((option) => `“${option}”`);
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1) ?? ""}`;
}
