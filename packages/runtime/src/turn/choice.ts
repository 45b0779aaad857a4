/**
 * How a user's reply to a clarifying question is understood without a model: as the number of a choice, or by the words
 * that it shares with just one of them.
 */
import { type Alternative, eachOf, languages } from "@lmos/router";
import type { RoutedAgent } from "../routing/snapshot.ts";

/** What the user chose. */
export interface Choice {
  readonly alternative: Alternative;
  /** The reply says nothing but which: what the user wants was said before. */
  readonly isBare: boolean;
}

const ordinals: ReadonlyMap<string, number> = new Map(
  languages.flatMap(({ replies }) =>
    replies.positions.flatMap((words, position) =>
      words.split(" ").map((word): readonly [string, number] => [word, position]),
    ),
  ),
);
const lastOnes = eachOf(({ replies }) => replies.last);
const fillers = eachOf(({ replies }) => replies.fillers);
/** What says no to all choices, and words that may go with it. */
const refusals = eachOf(({ replies }) => replies.refusals);
const refusalCompany = eachOf(({ replies }) => replies.refusalCompany);
const all = eachOf(({ replies }) => replies.all);
const allCompany = eachOf(({ replies }) => replies.allCompany);

/** Words with the same first letters are the same: "order" and "orders". */
const stemLength = 5;
const maxBareWords = 3;

/** Whether a reply says that it is none of the choices, and nothing else: "neither, thanks", "no, something else". */
export function refusesChoices(reply: string): boolean {
  const words = wordsOf(reply);
  const isPart = (word: string) => refusals.has(word) || refusalCompany.has(word) || fillers.has(word);
  return words.some((word) => refusals.has(word)) && words.every(isPart);
}

/** Whether a reply chooses all of them, and says nothing else: "both please". */
export function wantsAll(reply: string): boolean {
  const words = wordsOf(reply);
  const isPart = (word: string) => all.has(word) || allCompany.has(word) || fillers.has(word);
  return words.some((word) => all.has(word)) && words.every(isPart);
}

/** The choice, where the reply names one and no other. */
export function understandChoice(
  reply: string,
  choices: readonly Alternative[],
  agents: readonly RoutedAgent[],
): Choice | undefined {
  const words = wordsOf(reply);
  const numbered = choices[positionOf(words, choices.length) ?? -1];
  if (numbered !== undefined) return { alternative: numbered, isBare: true };
  const telling = words.filter((word) => !fillers.has(word)).map(stem);
  const named = nameOne(telling, choices, agents);
  if (named === undefined) return undefined;
  return { alternative: named.alternative, isBare: telling.length <= maxBareWords && named.matches > 0 };
}

/** The agent of which all words of a text, and no other's as many, are what it calls itself. */
export function namedAgent(text: string, agents: readonly RoutedAgent[]): Alternative | undefined {
  const telling = wordsOf(text)
    .filter((word) => !fillers.has(word))
    .map(stem);
  const all = agents.flatMap(({ name: agent, capabilities }) =>
    capabilities.map(({ id }) => ({ agent, capability: id, confidence: 0 })),
  );
  const named = nameOne(telling, all, agents);
  return named?.matches === telling.length ? named.alternative : undefined;
}

function positionOf(words: readonly string[], count: number): number | undefined {
  const telling = words.filter((word) => !fillers.has(word) || word === "one");
  if (lastOnes.has(telling[0] ?? "") && telling.length <= 2) return count - 1;
  const [first, ...others] = telling;
  if (first === undefined || others.some((word) => word !== "one")) return undefined;
  return ordinals.get(first);
}

function nameOne(
  telling: readonly string[],
  choices: readonly Alternative[],
  agents: readonly RoutedAgent[],
): { readonly alternative: Alternative; readonly matches: number } | undefined {
  const [best, second] = choices
    .map((alternative) => {
      const own = ownWordsOf(alternative, agents);
      return { alternative, matches: telling.filter((word) => own.has(word)).length };
    })
    .toSorted((a, b) => b.matches - a.matches);
  if (best === undefined || best.matches === 0 || best.matches === second?.matches) return undefined;
  return best;
}

/** What an agent and the capability in question are called and say of themselves. */
function ownWordsOf({ agent, capability }: Alternative, agents: readonly RoutedAgent[]): ReadonlySet<string> {
  const routed = agents.find(({ name }) => name === agent);
  const meant = routed?.capabilities.filter(({ id, name }) => id === capability || name === capability) ?? [];
  const texts = [agent, capability, ...meant.flatMap(({ name, description }) => [name, description])];
  return new Set(
    wordsOf(texts.join(" "))
      .filter((word) => !fillers.has(word))
      .map(stem),
  );
}

function stem(word: string): string {
  return word.slice(0, stemLength);
}

/** In lower case, with a straight apostrophe. */
function wordsOf(text: string): readonly string[] {
  return (
    text
      .toLowerCase()
      .replaceAll("\u2019", "'")
      .match(/[\p{L}\p{N}']+/gu) ?? []
  );
}
