/**
 * What a language model may choose from. Descriptions, examples and messages are written by others: they are cut, cleaned
 * of characters that hide or reorder text, and go as JSON. Ids are shuffled, so that neither the place nor the name of a
 * candidate speaks for it.
 */
import type { Random } from "@lmos/primitives";
import type { CapabilityCandidate, Ranking } from "@lmos/ranking";
import type { HistoryMessage, RoutableAgent } from "../model.ts";
import type { Choice } from "./chat-model.ts";

/** Candidates that are offered. */
const maxCandidates = 15;
const maxExamples = 2;
const maxTextLength = 200;
const maxMessageLength = 1000;
const maxHistory = 2;

/** Candidates by the ids that stand for them. */
export type OfferedCandidates = ReadonlyMap<string, CapabilityCandidate>;

/** Gives candidates ids that say nothing. */
export function offer(candidates: readonly CapabilityCandidate[], random: Random): OfferedCandidates {
  return new Map(
    shuffled(candidates.slice(0, maxCandidates), random).map((candidate, i) => [`c${i + 1}`, candidate]),
  );
}

/**
 * The likeliest capabilities of a ranking. In a conversation an agent may be likely whose capabilities by themselves are
 * not: its best is among them too.
 */
export function shortlistOf({ agents, capabilities }: Ranking): readonly CapabilityCandidate[] {
  return distinct([...agents.slice(0, 3).map(({ best }) => best), ...capabilities]);
}

/** Each candidate once, the first of each. */
export function distinct(candidates: readonly CapabilityCandidate[]): readonly CapabilityCandidate[] {
  const byKey = new Map<string, CapabilityCandidate>();
  for (const candidate of candidates) {
    const key = JSON.stringify([candidate.agent, candidate.capability]);
    if (!byKey.has(key)) byKey.set(key, candidate);
  }
  return [...byKey.values()];
}

/** The candidates as a model sees them. */
export function describeOffered(
  offered: OfferedCandidates,
  agents: readonly RoutableAgent[],
): readonly Choice[] {
  return [...offered].map(([id, candidate]) => describe(id, candidate, agents));
}

/** A message and what was said just before it, as JSON. */
export function conversationText(message: string, history: readonly HistoryMessage[]): string {
  const before = history
    .slice(-maxHistory)
    .map(({ role, content }) => ({ role, content: clean(content, maxTextLength) }));
  return JSON.stringify({ before, message: clean(message, maxMessageLength) });
}

function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  return items
    .map((item) => ({ item, key: random.next() }))
    .sort((left, right) => left.key - right.key)
    .map(({ item }) => item);
}

function describe(id: string, candidate: CapabilityCandidate, agents: readonly RoutableAgent[]): Choice {
  const capability = agents
    .find(({ name }) => name === candidate.agent)
    ?.capabilities.find((own) => own.id === candidate.capability);
  return {
    id,
    description:
      clean(capability?.description ?? "", maxTextLength) || clean(capability?.name ?? "", maxTextLength),
    examples: (capability?.examples ?? []).slice(0, maxExamples).map((text) => clean(text, maxTextLength)),
  };
}

/** Without control characters, marks of direction and invisible ones; at most so many characters. */
export function clean(text: string, maxLength: number): string {
  const start = text.slice(0, 4 * maxLength).toWellFormed();
  return start
    .replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, " ")
    .trim()
    .slice(0, maxLength)
    .toWellFormed();
}
