/** What the runtime itself says to a user, when no agent speaks: sentences of the catalogue about a channel's agents. */
import { mereCourtesy, type SaidTo, type Sentences, sentencesFor } from "@lmos/router";
import type { RoutedAgent, RoutingSnapshot } from "../routing/snapshot.ts";
import type { Turn } from "./turn.ts";

const maxTopics = 6;

/** The sentences in which a turn is answered. */
export function sentencesOf(
  { messages }: Pick<Turn, "messages">,
  { settings }: Pick<RoutingSnapshot, "settings">,
): Sentences {
  return sentencesFor({ declared: settings.language, messages });
}

/** The answer to a message that no agent of the channel is for; one that is only polite gets a polite word. */
export function politeRefusal(agents: readonly RoutedAgent[], said: SaidTo): string {
  const sentences = sentencesFor(said);
  const topics = topicsOf(agents);
  const courtesy = mereCourtesy(said.messages.at(-1)?.content ?? "");
  if (courtesy === "parting") return sentences.parting;
  const offer = topics.length === 0 ? "" : ` ${sentences.offer(topics)}`;
  if (courtesy !== undefined)
    return `${courtesy === "thanks" ? sentences.welcome : sentences.greeting}${offer}`;
  return `${topics.length === 0 ? sentences.refusalForNow : sentences.refusal}${offer}`;
}

/** The question to a user whose message cannot be classified. */
export function fallbackQuestion(agents: readonly RoutedAgent[], said: SaidTo): string {
  return sentencesFor(said).whichTopic(topicsOf(agents));
}

/** A snapshot's agents never change, and a channel may have many turns that it answers itself. */
const topics = new WeakMap<readonly RoutedAgent[], readonly string[]>();

function topicsOf(agents: readonly RoutedAgent[]): readonly string[] {
  const found = topics.get(agents) ?? findTopics(agents);
  topics.set(agents, found);
  return found;
}

/** Names of capabilities as words: `cancel-order` reads "cancel order". The first of each agent come first. */
function findTopics(agents: readonly RoutedAgent[]): readonly string[] {
  const ranked = agents.flatMap(({ capabilities }) => capabilities.map(({ name }, rank) => ({ name, rank })));
  const names = ranked.sort((a, b) => a.rank - b.rank).map(({ name }) => name.replace(/[-_.]+/g, " "));
  return [...new Set(names)].filter((name) => name !== "").slice(0, maxTopics);
}
