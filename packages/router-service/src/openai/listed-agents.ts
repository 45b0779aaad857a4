/**
 * Reads the agents out of the prompt of the Kotlin runtime's older router: elements `agent` with a name, a description and
 * capabilities, in something like XML that nobody escaped.
 */
import type { PromptAgent } from "./prompt-agents.ts";

const maxNameLength = 253;

/** The agents of such a list, each name once, with the descriptions of their capabilities, or else their own. */
export function listedAgents(prompt: string): readonly PromptAgent[] {
  const agents = new Map<string, PromptAgent>();
  const [, ...entries] = prompt.split("<agent>");
  for (const entry of entries) {
    const [name = ""] = textsOf(entry, "name");
    const [own, ...ofCapabilities] = textsOf(entry, "description");
    const told = ofCapabilities.length > 0 ? ofCapabilities : [own ?? ""];
    const isName = name !== "" && name.length <= maxNameLength;
    if (isName && !agents.has(name))
      agents.set(name, { id: name, descriptions: told.filter((text) => text !== "") });
  }
  return [...agents.values()];
}

/** What stands in the elements of that name, in their order. */
function textsOf(entry: string, element: string): readonly string[] {
  const [, ...rest] = entry.split(`<${element}>`);
  return rest.flatMap((text) => {
    const end = text.indexOf(`</${element}>`);
    return end < 0 ? [] : [text.slice(0, end).trim()];
  });
}
