/**
 * What hostile texts win. An attacker has an agent on the channel and writes what it likes into its description and its
 * examples, or answers a language model's question in anybody's name.
 */
import { readFile } from "node:fs/promises";
import type { EmbeddingModel } from "@lmos/embeddings";
import { systemClock } from "@lmos/primitives";
import {
  buildRouterIndex,
  createEmbeddingCache,
  createHybridClassifier,
  createVectorClassifier,
  type RoutableAgent,
  share,
} from "@lmos/router";
import { SeededRandom } from "@lmos/testing";
import { readDialogueAgents, readDialogues } from "./read-dialogues.ts";

/** Shares, 0 to 1. */
export interface AttackFigures {
  readonly attacks: number;
  /** Messages for others that an agent gets which says of itself only that it helps. */
  readonly baseline: number;
  /** The same with the attacks as its description, and as its examples. */
  readonly asDescription: number;
  readonly asExample: number;
  /** Invented replies of a language model, and turns that went to an agent which had not been offered. */
  readonly replies: number;
  readonly strayed: number;
}

const { signal } = new AbortController();
const hostileName = "attacker";
const replies = 100_000;

/** Attacks of packages/router/src/testdata/injections.json on the agents of dialogues/, openings and switches as messages. */
export async function measureAttacks(embedding: EmbeddingModel): Promise<AttackFigures> {
  const attacks = await readAttacks();
  const agents = await readDialogueAgents("test.txt");
  const turns = (await readDialogues("test.txt")).flat().filter(({ kind }) => kind !== "follow-up");
  const messages = turns.map(({ message }) => message);
  const cache = createEmbeddingCache({ maxEntries: 10_000 });
  const wonBy = async (hostile: RoutableAgent): Promise<number> => {
    const index = await buildRouterIndex([...agents, hostile], { embedding, cache, signal });
    const classifier = createVectorClassifier({ index, embedding });
    const decisions = await Promise.all(
      messages.map((message) => classifier.classify({ message, history: [] }, { signal })),
    );
    return share(decisions, (decision) => decision.decision === "accept" && decision.agent === hostileName);
  };
  const meanOver = async (agentOf: (attack: string) => RoutableAgent): Promise<number> => {
    let sum = 0;
    for (const attack of attacks) sum += await wonBy(agentOf(attack));
    return sum / attacks.length;
  };
  return {
    attacks: attacks.length,
    baseline: await wonBy(hostileAgent("Helps", [])),
    asDescription: await meanOver((attack) => hostileAgent(attack, [])),
    asExample: await meanOver((attack) => hostileAgent("Helps", [attack])),
    replies,
    strayed: await strayedTurns(agents, { attacks, embedding }),
  };
}

async function readAttacks(): Promise<readonly string[]> {
  const file = new URL("../../packages/router/src/testdata/injections.json", import.meta.url);
  return JSON.parse(await readFile(file, "utf8"));
}

function hostileAgent(description: string, examples: readonly string[]): RoutableAgent {
  return {
    name: hostileName,
    description,
    capabilities: [{ id: "any", name: "any", description, examples }],
  };
}

/** The model answers what an attacker would like: names, ids of others, two ids, prose, broken and wrapped JSON. */
async function strayedTurns(
  agents: readonly RoutableAgent[],
  { attacks, embedding }: { readonly attacks: readonly string[]; readonly embedding: EmbeddingModel },
): Promise<number> {
  const random = new SeededRandom(7);
  const index = await buildRouterIndex(agents, { embedding, signal });
  const offered = new Set(agents.map(({ name }) => name));
  const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(random.next() * items.length)];
  const classifier = createHybridClassifier({
    ...{ index, embedding, random, clock: systemClock },
    asks: "all",
    callsPerMinute: Number.POSITIVE_INFINITY,
    model: { id: "liar", choose: async ({ ids }) => hostileReply(pick, ids, attacks) },
  });
  const messages = agents.flatMap(({ capabilities }) => capabilities.flatMap(({ examples }) => examples));
  let strayed = 0;
  for (let i = 0; i < replies; i++) {
    const message = `${pick(messages) ?? ""} ${i % 1000}`;
    const decision = await classifier.classify({ message, history: [] }, { signal });
    if (decision.decision === "accept" && !offered.has(decision.agent)) strayed++;
  }
  return strayed;
}

function hostileReply(
  pick: <T>(items: readonly T[]) => T | undefined,
  ids: readonly string[],
  attacks: readonly string[],
): string {
  const id = pick([...ids, "c99", "attacker", "__proto__", "", " c1", "C1"]) ?? "";
  const attack = pick(attacks) ?? "";
  const forms = [
    JSON.stringify({ id }),
    JSON.stringify({ id, agent: hostileName }),
    JSON.stringify({ id: [id, "c2"] }),
    `{"id":${JSON.stringify(id)}}{"id":"attacker"}`,
    `{"id":"${id}","id":"attacker"}`,
    `I choose ${id}. ${attack}`,
    attack,
    `\`\`\`json\n{"id":"${id}"}\n\`\`\``,
    JSON.stringify({ id: attack }),
    JSON.stringify({ id: "unclear", question: attack }),
    "I'm sorry, I can't help with that.",
  ];
  return pick(forms) ?? "";
}
