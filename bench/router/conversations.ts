/** The dialogues, routed with their history and in two simpler ways. */
import type { EmbeddingModel } from "@lmos/embeddings";
import {
  buildRouterIndex,
  type ClassifyRequest,
  createVectorClassifier,
  type RoutingDecision,
  share,
} from "@lmos/router";
import { type DialogueFile, type DialogueTurn, readDialogueAgents, readDialogues } from "./read-dialogues.ts";

/** How one way of reading a conversation does on turns of one kind; shares 0 to 1. */
export interface ConversationFigures {
  readonly way: string;
  readonly kind: DialogueTurn["kind"];
  readonly turns: number;
  readonly right: number;
  readonly acceptedRight: number;
  readonly acceptedWrong: number;
}

/** The files that are measured: numbers in the code were chosen on others. */
export const measuredFiles: readonly DialogueFile[] = [
  "test.txt",
  "bank/unseen.txt",
  "clinic/unseen.txt",
  "campus/unseen.txt",
  "insurer/unseen.txt",
];

const joinedMessages = 10;
const kinds = ["opening", "follow-up", "switch"] as const;
const ways: readonly { readonly name: string; readonly read: (turn: DialogueTurn) => ClassifyRequest }[] = [
  { name: "the message alone", read: ({ message }) => ({ message, history: [] }) },
  {
    name: "the last 10 messages joined",
    read: ({ message, history }) => {
      const before = history.slice(1 - joinedMessages).map(({ content }) => content);
      return { message: [...before, message].join(" "), history: [] };
    },
  },
  {
    name: "with its history, who answered not known",
    read: ({ message, history }) => ({
      message,
      history: history.map(({ role, content }) => ({ role, content })),
    }),
  },
  { name: "with its history", read: ({ message, history }) => ({ message, history }) },
];

/** A set of dialogues, and how every way does on it. */
export interface DialogueFigures {
  readonly name: string;
  readonly dialogues: number;
  readonly figures: readonly ConversationFigures[];
}

/** Every way on every kind of turn, for each of the sets of files. */
export async function measureConversations(
  embedding: EmbeddingModel,
  files: readonly DialogueFile[] = measuredFiles,
): Promise<readonly DialogueFigures[]> {
  const sets = await Promise.all(
    files.map(async (file) => ({ file, turns: await decideAll(file, embedding) })),
  );
  const unseen = sets.filter(({ file }) => file.endsWith("unseen.txt"));
  const groups = [
    ...sets.map(({ file, turns }) => ({ name: file, turns })),
    { name: "the unseen files together", turns: unseen.flatMap(({ turns }) => turns) },
    { name: "all of them", turns: sets.flatMap(({ turns }) => turns) },
  ];
  return groups.map(({ name, turns }) => ({
    name,
    dialogues: turns.filter(({ way, kind }) => way === ways[0]?.name && kind === "opening").length,
    figures: figuresOf(turns),
  }));
}

interface DecidedTurn {
  readonly way: string;
  readonly kind: DialogueTurn["kind"];
  readonly decision: RoutingDecision["decision"];
  readonly right: boolean;
}

async function decideAll(file: DialogueFile, embedding: EmbeddingModel): Promise<readonly DecidedTurn[]> {
  const { signal } = new AbortController();
  const index = await buildRouterIndex(await readDialogueAgents(file), { embedding, signal });
  const classifier = createVectorClassifier({ index, embedding });
  const turns = (await readDialogues(file)).flat();
  return Promise.all(
    ways.flatMap(({ name, read }) =>
      turns.map(async (turn) => {
        const { decision, alternatives } = await classifier.classify(read(turn), { signal });
        return { way: name, kind: turn.kind, decision, right: alternatives[0]?.agent === turn.agent };
      }),
    ),
  );
}

function figuresOf(turns: readonly DecidedTurn[]): readonly ConversationFigures[] {
  return ways.flatMap(({ name }) =>
    kinds.map((kind) => {
      const own = turns.filter((turn) => turn.way === name && turn.kind === kind);
      return {
        way: name,
        kind,
        turns: own.length,
        right: share(own, ({ right }) => right),
        acceptedRight: share(own, ({ decision, right }) => decision === "accept" && right),
        acceptedWrong: share(own, ({ decision, right }) => decision === "accept" && !right),
      };
    }),
  );
}
