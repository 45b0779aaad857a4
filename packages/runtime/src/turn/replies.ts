/** What the runtime itself says to a user, when no agent speaks. */
import { mereCourtesy } from "@lmos/router";
import type { RoutedAgent } from "../routing/snapshot.ts";

const maxTopics = 6;

/** The answer to a message that no agent of the channel is for; one that is only polite gets a polite word. */
export function politeRefusal(agents: readonly RoutedAgent[], message = ""): string {
  const topics = topicsOf(agents).join(", ");
  const courtesy = mereCourtesy(message);
  if (courtesy === "parting") return "Goodbye!";
  const offer = topics === "" ? "" : ` What I can help with: ${topics}.`;
  if (courtesy !== undefined) return `${courtesy === "thanks" ? "You're welcome!" : "Hello!"}${offer}`;
  return `Sorry, I can't help with that ${topics === "" ? "at the moment" : "here"}.${offer}`;
}

/** What is left to say when an agent hands over to one that the channel has not. */
export const strandedHandOver = "Sorry, nobody is here at the moment who could take this over.";

/** What stands for the part of a message that no answer came to. */
export function missingPart(text: string): string {
  return `Sorry, I have no answer at the moment to: “${text}”`;
}

/** What stands for a part that was not asked, as it needs what nobody answered. */
export function skippedPart(text: string): string {
  return `Sorry, I can say nothing to this, as it depends on that: “${text}”`;
}

/** The question to a user whose message cannot be classified. */
export function fallbackQuestion(agents: readonly RoutedAgent[]): string {
  return `I'm not sure what you need. Is it about one of these: ${topicsOf(agents).join(", ")}?`;
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
  return [...new Set(names)].slice(0, maxTopics);
}
