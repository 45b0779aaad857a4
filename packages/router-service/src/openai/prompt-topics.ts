/** Reads the agents out of the prompt by which a Kotlin runtime wants a question: a topic for each, a line for each capability. */
import type { PromptAgent } from "./prompt-agents.ts";

const topic = /\bTopic ['"]([^'"\n]{1,253})['"]:/g;

/** The agents that are topics there, each id once. */
export function topicsOfPrompt(prompt: string): readonly PromptAgent[] {
  const mentions = [...prompt.matchAll(topic)];
  const agents = new Map<string, PromptAgent>();
  for (const [i, mention] of mentions.entries()) {
    const id = mention[1] ?? "";
    const lines = prompt.slice(mention.index + mention[0].length, mentions[i + 1]?.index).split("\n");
    if (!agents.has(id)) agents.set(id, { id, descriptions: listOf(lines) });
  }
  return [...agents.values()];
}

/** The entries of the list that the lines begin with; what stands behind it is none of them. */
function listOf(lines: readonly string[]): readonly string[] {
  const texts = lines.map((line) => line.trim());
  const start = texts.findIndex((text) => text !== "");
  const end = texts.findIndex((text, i) => i >= start && !text.startsWith("-"));
  return texts
    .slice(start, end < 0 ? undefined : end)
    .map((text) => text.slice(1).trim())
    .filter((text) => text !== "");
}
