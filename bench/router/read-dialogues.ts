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

/** The agents that the dialogues are with. */
export async function readDialogueAgents(): Promise<readonly RoutableAgent[]> {
  return parseCatalogue(
    JSON.parse(await readFile(new URL("dialogues/catalogue.json", import.meta.url), "utf8")),
  );
}

/** Every user's turn of a file of dialogues. */
export async function readDialogues(file: "development.txt" | "test.txt"): Promise<readonly DialogueTurn[]> {
  const text = await readFile(new URL(`dialogues/${file}`, import.meta.url), "utf8");
  return text.trim().split(/\n\n+/).flatMap(turnsOf);
}

function turnsOf(dialogue: string): readonly DialogueTurn[] {
  const turns: DialogueTurn[] = [];
  const history: HistoryMessage[] = [];
  for (const line of dialogue.split("\n")) {
    const [, mark = "", rest = ""] = /^(\w) (.*)$/.exec(line) ?? [];
    const kind = kinds[mark];
    if (kind === undefined) {
      history.push({ role: "assistant", content: rest });
      continue;
    }
    const [, agent = "", message = ""] = /^(\S+) (.*)$/.exec(rest) ?? [];
    turns.push({ kind, agent, message, history: [...history] });
    history.push({ role: "user", content: message });
  }
  return turns;
}
