/**
 * Reads the agents out of the prompt that the Kotlin classifier sends: entries of `agentId` and `descriptions` that look like
 * JSON, but are not escaped. So it is read by its landmarks, not by a parser.
 */

/** An agent as the prompt tells it. */
export interface PromptAgent {
  /** Its id, or the name where the prompt lists names. */
  readonly id: string;
  readonly descriptions: readonly string[];
}

const agentId = /["']?agentId["']?\s*[:=]\s*["']?([^"'\n,}\]]{1,253})["']?/g;
const descriptions = /["']?descriptions?["']?\s*[:=]\s*\[/;
/** Between two texts of a list; a quote inside a text is not followed by a comma and a quote. */
const betweenTexts = /["']\s*,\s*["']/;

/**
 * The agents that a classifier's prompt offers, each id once, in the order of their first mention. An `agentId` without descriptions
 * behind it is none: prompts show answers as examples, too.
 */
export function agentsOfPrompt(prompt: string): readonly PromptAgent[] {
  const mentions = [...prompt.matchAll(agentId)];
  const agents = new Map<string, PromptAgent>();
  for (const [i, mention] of mentions.entries()) {
    const entry = prompt.slice(mention.index + mention[0].length, mentions[i + 1]?.index);
    const texts = descriptionsIn(entry);
    const id = mention[1]?.trim() ?? "";
    if (texts !== undefined && !agents.has(id)) agents.set(id, { id, descriptions: texts });
  }
  return [...agents.values()];
}

/** The texts of the list in this entry; undefined where there is no list. */
function descriptionsIn(entry: string): readonly string[] | undefined {
  const start = descriptions.exec(entry);
  if (start === null) return undefined;
  const rest = entry.slice(start.index + start[0].length);
  const end = endOfList(rest);
  return rest
    .slice(0, end)
    .split(betweenTexts)
    .map((text) =>
      text
        .trim()
        .replace(/^["']|["']$/g, "")
        .trim(),
    )
    .filter((text) => text !== "");
}

/** Where the list ends: at the bracket behind its last quote, or, where nothing is quoted, at the first one. */
function endOfList(rest: string): number {
  const quoted = /^\s*["']/.test(rest);
  const end = quoted ? rest.search(/["']\s*\]/) : rest.indexOf("]");
  if (end < 0) return rest.length;
  return quoted ? end + 1 : end;
}
