import type { Alternative, RoutableAgent } from "./model.ts";

/** Words of a description that go into a question. */
const maxDescriptionLength = 120;

/** How a question is put in one language. */
interface Wording {
  readonly question: (options: string) => string;
  readonly or: string;
  readonly quotes: readonly [string, string];
}

const english: Wording = {
  question: (options) => `I want to be sure I understand you. Is it about: ${options}?`,
  or: "or",
  quotes: ["“", "”"],
};
const wordings: Readonly<Record<string, Wording>> = {
  en: english,
  de: {
    question: (options) => `Ich möchte Sie richtig verstehen. Geht es um: ${options}?`,
    or: "oder",
    quotes: ["„", "“"],
  },
};

/**
 * A question that lets the user choose between the agents in question, worded from what their capabilities say of
 * themselves; made without a model. In the language of a tag such as `de-AT`, where it is English or German, else in
 * English.
 */
export function clarifyingQuestion(
  choices: readonly Alternative[],
  agents: readonly RoutableAgent[],
  language = "en",
): string {
  const wording = wordings[language.toLowerCase().split("-")[0] ?? ""] ?? english;
  const [open, close] = wording.quotes;
  const options = [...new Set(choices.map((choice) => describe(choice, agents)))];
  const quoted = options.map((option) => `${open}${option}${close}`);
  return wording.question(joinWith(wording.or, quoted));
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

function joinWith(or: string, options: readonly string[]): string {
  return options.length < 2
    ? options.join("")
    : `${options.slice(0, -1).join(", ")} ${or} ${options.at(-1) ?? ""}`;
}
