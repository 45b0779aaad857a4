/**
 * A message that names topics and leaves open which is meant, or what about them: "my bill or my tariff", "my order and my
 * invoice". Vectors see one text and may lean to either side; the user is asked.
 */
import { type Alternative, anyOf, type RoutingDecision, wordEnd, wordStart } from "@lmos/router";

/** A longer message says what it wants. */
const maxLength = 120;
/** Words of each side of an "or": longer ones say what they want. */
const maxWords = 6;
/** Words of a topic that is only named: between which to choose, or one after the other. */
const maxTopicWords = { choosing: 3, listing: 2 };
const maxTopics = 3;

const or = anyOf(({ topics }) => topics.or);
const and = anyOf(({ topics }) => topics.and);
const choosing = new RegExp(`,?\\s+${or}\\s+`, "iu");
const listing = new RegExp(`,\\s+(?:${and}\\s+)?|\\s+(?:${and}|${or}|&)\\s+|\\s*/\\s*`, "iu");
/** What a sentence has and a topic has not. */
const verb = new RegExp(`${wordStart}${anyOf(({ topics }) => topics.verbs)}${wordEnd}`, "iu");
/** Words before the topics that say nothing of them: "I have a question about …". */
const introduction = new RegExp(
  `^(?:[\\p{L}\\p{N}_'\u2019,]+\\s+){0,5}?${anyOf(({ topics }) => topics.introductions)}\\s+`,
  "iu",
);
/** Words after them: "…, I don't know". */
const doubt = new RegExp(
  `(?:[,.;]?\\s+${anyOf(({ topics }) => topics.doubts)}${wordEnd}.*|[,.;]?\\s+${anyOf(({ topics }) => topics.closings)}${wordEnd})[\\s.!?]*$`,
  "iu",
);

/** Without any of this there is no list of topics, and most messages need not be looked through for one. */
const mayList = new RegExp(`[,/&]|\\s(?:${or}|${and})\\s`, "iu");

/**
 * Whether it may name several: most messages don't, and nobody need be asked about them. What an agent that has the turn
 * is told may be a list ("blue, size 42"): then only an "or" is heard.
 */
export function mayNameTopics(message: string, { hasTurn }: { readonly hasTurn: boolean }): boolean {
  if (message.length > maxLength || !(hasTurn ? choosing : mayList).test(message)) return false;
  return topicsOf(message) !== undefined;
}

/** What says whom a topic is for. */
export interface TopicFinders {
  readonly classify: (text: string) => Promise<RoutingDecision | undefined>;
  /** By what agents call themselves: single words may resemble no example. */
  readonly named?: (text: string) => Alternative | undefined;
}

/**
 * What each of the topics is for, where they are for different agents. One that could be for several is for the likeliest
 * of them.
 */
export async function findNamedTopics(
  message: string,
  { classify, named }: TopicFinders,
): Promise<readonly Alternative[] | undefined> {
  const topics = message.length <= maxLength ? topicsOf(message) : undefined;
  if (topics === undefined) return undefined;
  const found: Alternative[] = [];
  for (const topic of topics) {
    const best = likeliestOf(await classify(topic)) ?? named?.(topic);
    if (best === undefined || found.some(({ agent }) => agent === best.agent)) return undefined;
    found.push(best);
  }
  return found;
}

function likeliestOf(decision: RoutingDecision | undefined): Alternative | undefined {
  switch (decision?.decision) {
    case "accept":
      return { agent: decision.agent, capability: decision.capability, confidence: decision.confidence };
    case "ask":
      return decision.choices[0];
    default:
      return undefined;
  }
}

/** Its topics; undefined where it says more than that. */
function topicsOf(message: string): readonly string[] | undefined {
  const text = message.trim().replace(doubt, "").replace(introduction, "");
  const topics = text.replace(/[\s?.!]+$/u, "").split(listing);
  const most = choosing.test(text) ? maxTopicWords.choosing : maxTopicWords.listing;
  if (isList(topics) && topics.every((topic) => isTopic(topic, most))) return topics;
  const sides = text.split(choosing);
  const isOpen = !text.includes("?") && isList(sides) && sides.every((side) => wordsIn(side) <= maxWords);
  return isOpen ? sides : undefined;
}

function isList(texts: readonly string[]): boolean {
  return texts.length >= 2 && texts.length <= maxTopics && texts.every((text) => wordsIn(text) > 0);
}

function isTopic(text: string, most: number): boolean {
  return wordsIn(text) <= most && !verb.test(text) && !text.includes("?");
}

function wordsIn(text: string): number {
  return text.split(/\s+/).filter((word) => word !== "").length;
}
