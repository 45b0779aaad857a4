/** Reads the dialogues; their format: dialogues/README.md. */
import { readFile } from "node:fs/promises";
import { type HistoryMessage, parseCatalogue, type RoutableAgent } from "@lmos/router";

/** A user's turn with what was said before it. */
export interface DialogueTurn {
  readonly kind: "opening" | "follow-up" | "switch";
  readonly agent: string;
  readonly message: string;
  readonly history: readonly HistoryMessage[];
}

const kinds: Readonly<Record<string, DialogueTurn["kind"]>> = { o: "opening", f: "follow-up", s: "switch" };

/** A file below dialogues/; the catalogue.json in its folder has the agents. */
export type DialogueFile = `${string}.txt`;

/** The agents that the dialogues of a file are with. */
export async function readDialogueAgents(file: DialogueFile): Promise<readonly RoutableAgent[]> {
  const catalogue = new URL("catalogue.json", urlOf(file));
  return parseCatalogue(JSON.parse(await readFile(catalogue, "utf8")));
}

/** Every user's turn of a file of dialogues, dialogue by dialogue. */
export async function readDialogues(file: DialogueFile): Promise<readonly (readonly DialogueTurn[])[]> {
  const text = await readFile(urlOf(file), "utf8");
  return text.trim().split(/\n\n+/).map(turnsOf);
}

function urlOf(file: DialogueFile): URL {
  return new URL(`dialogues/${file}`, import.meta.url);
}

function turnsOf(dialogue: string): readonly DialogueTurn[] {
  const turns: DialogueTurn[] = [];
  const history: HistoryMessage[] = [];
  let agent = "";
  for (const line of dialogue.split("\n")) {
    const [, mark = "", rest = ""] = /^(\w) (.*)$/.exec(line) ?? [];
    const kind = kinds[mark];
    if (kind === undefined) {
      history.push({ role: "assistant", content: rest, agent });
      continue;
    }
    const [, named = "", message = ""] = /^(\S+) (.*)$/.exec(rest) ?? [];
    agent = named;
    turns.push({ kind, agent, message, history: [...history] });
    history.push({ role: "user", content: message });
  }
  return turns;
}
