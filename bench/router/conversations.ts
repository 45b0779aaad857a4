/** The dialogues, routed with their history and in two simpler ways. */
import type { EmbeddingModel } from "@lmos/embeddings";
import { buildRouterIndex, type ClassifyRequest, createVectorClassifier, share } from "@lmos/router";
import { type DialogueTurn, readDialogueAgents, readDialogues } from "./read-dialogues.ts";

/** How one way of reading a conversation does on turns of one kind; shares 0 to 1. */
export interface ConversationFigures {
  readonly way: string;
  readonly kind: DialogueTurn["kind"];
  readonly turns: number;
  readonly right: number;
  readonly acceptedRight: number;
  readonly acceptedWrong: number;
}

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
  { name: "with its history", read: ({ message, history }) => ({ message, history }) },
];

/** Every way on every kind of turn of the test dialogues. */
export async function measureConversations(
  embedding: EmbeddingModel,
): Promise<readonly ConversationFigures[]> {
  const { signal } = new AbortController();
  const index = await buildRouterIndex(await readDialogueAgents(), { embedding, signal });
  const classifier = createVectorClassifier({ index, embedding });
  const turns = await readDialogues("test.txt");
  const figures: ConversationFigures[] = [];
  for (const { name, read } of ways) {
    for (const kind of kinds) {
      const own = turns.filter((turn) => turn.kind === kind);
      const decided = await Promise.all(
        own.map(async (turn) => {
          const decision = await classifier.classify(read(turn), { signal });
          return { decision, right: decision.alternatives[0]?.agent === turn.agent };
        }),
      );
      figures.push({
        way: name,
        kind,
        turns: own.length,
        right: share(decided, ({ right }) => right),
        acceptedRight: share(decided, ({ decision, right }) => decision.decision === "accept" && right),
        acceptedWrong: share(decided, ({ decision, right }) => decision.decision === "accept" && !right),
      });
    }
  }
  return figures;
}
