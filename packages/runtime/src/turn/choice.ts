/**
 * How a user's reply to a clarifying question is understood without a model: as the number of a choice, or by the words
 * that it shares with just one of them.
 */
import type { Alternative } from "@lmos/router";
import type { RoutedAgent } from "../routing/snapshot.ts";

/** What the user chose. */
export interface Choice {
  readonly alternative: Alternative;
  /** The reply says nothing but which: what the user wants was said before. */
  readonly isBare: boolean;
}

const ordinals: Readonly<Record<string, number>> = {
  "1": 0,
  one: 0,
  first: 0,
  "1st": 0,
  "2": 1,
  two: 1,
  second: 1,
  "2nd": 1,
  "3": 2,
  three: 2,
  third: 2,
  "3rd": 2,
};
const fillers = new Set(
  "a an the it its is i i'm my me to of for with about please thanks thank you yes no number option choice take want mean meant one that this in on".split(
    " ",
  ),
);
/** Words with the same first letters are the same: "order" and "orders". */
const stemLength = 5;
const maxBareWords = 3;

/** The choice, where the reply names one and no other. */
export function understandChoice(
  reply: string,
  choices: readonly Alternative[],
  agents: readonly RoutedAgent[],
): Choice | undefined {
  const words = reply.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];
  const numbered = choices[positionOf(words, choices.length) ?? -1];
  if (numbered !== undefined) return { alternative: numbered, isBare: true };
  const telling = words.filter((word) => !fillers.has(word)).map(stem);
  const named = nameOne(telling, choices, agents);
  if (named === undefined) return undefined;
  return { alternative: named.alternative, isBare: telling.length <= maxBareWords && named.matches > 0 };
}

function positionOf(words: readonly string[], count: number): number | undefined {
  const telling = words.filter((word) => !fillers.has(word) || word === "one");
  if (telling[0] === "last" && telling.length <= 2) return count - 1;
  const [first, ...others] = telling;
  if (first === undefined || others.some((word) => word !== "one")) return undefined;
  return ordinals[first];
}

function nameOne(
  telling: readonly string[],
  choices: readonly Alternative[],
  agents: readonly RoutedAgent[],
): { readonly alternative: Alternative; readonly matches: number } | undefined {
  const [best, second] = choices
    .map((alternative) => {
      const own = wordsOf(alternative, agents);
      return { alternative, matches: telling.filter((word) => own.has(word)).length };
    })
    .toSorted((a, b) => b.matches - a.matches);
  if (best === undefined || best.matches === 0 || best.matches === second?.matches) return undefined;
  return best;
}

/** What an agent and the capability in question are called and say of themselves. */
function wordsOf({ agent, capability }: Alternative, agents: readonly RoutedAgent[]): ReadonlySet<string> {
  const routed = agents.find(({ name }) => name === agent);
  const meant = routed?.capabilities.filter(({ id, name }) => id === capability || name === capability) ?? [];
  const texts = [agent, capability, ...meant.flatMap(({ name, description }) => [name, description])];
  const words =
    texts
      .join(" ")
      .toLowerCase()
      .match(/[\p{L}\p{N}']+/gu) ?? [];
  return new Set(words.filter((word) => !fillers.has(word)).map(stem));
}

function stem(word: string): string {
  return word.slice(0, stemLength);
}
