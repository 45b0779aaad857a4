/**
 * The index of one channel: everything that deciding about its messages needs, built once from its agents and never
 * changed. A change of the agents is a new index, built beside the old one and then put in its place.
 */
import type { EmbeddingModel } from "@lmos/embeddings";
import {
  type CapabilityExample,
  type EmbeddedText,
  fitHeadInSteps,
  type RankedCapability,
  type RankingHead,
} from "@lmos/ranking";
import { countWords } from "./catalogue-words.ts";
import { mereCourtesy } from "./courtesy.ts";
import { type Coverage, createCoverage } from "./coverage.ts";
import { embedTexts } from "./embed-texts.ts";
import type { EmbeddingCache } from "./embedding-cache.ts";
import { inTurns } from "./in-turns.ts";
import { everydaySentencesFor } from "./language/spoken-languages.ts";
import { scoredText } from "./message-text.ts";
import type { RoutableAgent, RoutableCapability } from "./model.ts";
import { createSpelling, type Spelling } from "./spelling.ts";

/** An immutable snapshot; share it freely. */
export interface RouterIndex {
  readonly agents: readonly RoutableAgent[];
  /** Every example and description that is scored. */
  readonly texts: ReadonlySet<string>;
  /** Id of the embedding model that it was built with: messages must be embedded with the same. */
  readonly modelId: string;
  readonly head: RankingHead;
  readonly coverage: Coverage;
  /** Whether an agent is there for greetings and thanks: an example of it is nothing else. */
  readonly answersCourtesy: boolean;
  readonly spelling: Spelling;
}

/** How an index is built. */
export interface RouterIndexOptions {
  readonly embedding: EmbeddingModel;
  /** Kept by the caller across rebuilds; without it every text is embedded again. */
  readonly cache?: EmbeddingCache | undefined;
  readonly signal: AbortSignal;
}

interface CapabilityText {
  readonly text: string;
  readonly synthetic: boolean;
}

/**
 * Embeds the agents' examples and descriptions and fits the head on them. The same texts in any order give the same
 * index. An agent without capabilities cannot be routed to; duplicates across agents are allowed. Large catalogues take
 * seconds, in pieces of a few milliseconds with pauses between them.
 *
 * @throws whatever the embedding model throws; RankingError when its vectors are not finite or of unequal length; the
 * signal's reason.
 */
export async function buildRouterIndex(
  agents: readonly RoutableAgent[],
  options: RouterIndexOptions,
): Promise<RouterIndex> {
  const { capabilities, background, texts } = await embedCatalogue(capabilityTexts(agents), options);
  const adaptable = texts.length >= leastAdapted * leastKept;
  const head = await inTurns(fitHeadInSteps({ capabilities, background, adaptable }), options);
  return createIndex({ agents, texts, head }, options);
}

/**
 * An index of changed agents that is there at once, with the weights and thresholds of the index before, to serve with
 * while {@link buildRouterIndex} fits its own. Undefined where that is no gain or no good: with few examples, where
 * fitting is as quick, or when more than a fifth of them is new.
 *
 * @throws as {@link buildRouterIndex} does.
 */
export async function adaptRouterIndex(
  agents: readonly RoutableAgent[],
  options: RouterIndexOptions & { readonly previous: RouterIndex },
): Promise<RouterIndex | undefined> {
  const { previous, embedding } = options;
  const { adapt } = previous.head;
  const own = capabilityTexts(agents);
  const texts = own.flatMap((capability) => capability.texts.map(({ text }) => text));
  if (adapt === undefined || previous.modelId !== embedding.id || !isSmallChange(texts, previous)) {
    return undefined;
  }
  const { capabilities } = await embedCatalogue(own, options);
  const head = await inTurns(adapt(capabilities), options);
  return createIndex({ agents, texts, head }, options);
}

const leastAdapted = 300;
const leastKept = 0.8;

function isSmallChange(texts: readonly string[], previous: RouterIndex): boolean {
  const kept = texts.filter((text) => previous.texts.has(text)).length;
  return texts.length >= leastAdapted && kept >= leastKept * Math.max(texts.length, previous.texts.size);
}

async function createIndex(
  {
    agents,
    texts,
    head,
  }: {
    readonly agents: readonly RoutableAgent[];
    readonly texts: readonly string[];
    readonly head: RankingHead;
  },
  options: RouterIndexOptions,
): Promise<RouterIndex> {
  const { embedding } = options;
  const words = await inTurns(countWords(texts), options);
  return {
    agents,
    texts: new Set(texts),
    modelId: embedding.id,
    head,
    coverage: createCoverage(words, embedding),
    answersCourtesy: texts.some((text) => mereCourtesy(text) !== undefined),
    spelling: createSpelling(words, embedding),
  };
}

/** The texts of a catalogue with their vectors. */
export interface EmbeddedCatalogue {
  readonly texts: readonly string[];
  readonly capabilities: readonly RankedCapability[];
  readonly background: readonly EmbeddedText[];
}

/** Every capability with the vectors of its texts. */
export async function embedCatalogue(
  capabilities: readonly CapabilityTexts[],
  options: RouterIndexOptions,
): Promise<EmbeddedCatalogue> {
  const texts = capabilities.flatMap((capability) => capability.texts.map(({ text }) => text));
  const everyday = everydaySentencesFor(texts);
  const vectors = await embedTexts([...texts, ...everyday], options);
  const embedded = (text: string) => ({ text, vector: vectors.get(text) ?? new Float32Array() });
  return {
    texts,
    capabilities: capabilities.map(({ agent, id, texts: own }) => ({
      agent,
      id,
      examples: own.map(({ text, synthetic }): CapabilityExample => ({ ...embedded(text), synthetic })),
    })),
    background: everyday.map(embedded),
  };
}

/** What of a capability is scored. */
export interface CapabilityTexts {
  readonly agent: string;
  readonly id: string;
  readonly texts: readonly CapabilityText[];
}

/** What of every capability is scored. */
export function capabilityTexts(agents: readonly RoutableAgent[]): readonly CapabilityTexts[] {
  return agents.flatMap((agent) =>
    agent.capabilities.map((capability) => ({
      agent: agent.name,
      id: capability.id,
      texts: textsOf(capability),
    })),
  );
}

/** Examples first, then the description; the name where there is neither. The same text counts once. */
function textsOf(capability: RoutableCapability): readonly CapabilityText[] {
  const examples = new Set(capability.examples.map(scoredText).filter((text) => text !== ""));
  const description = scoredText(capability.description);
  const described = description === "" || examples.has(description) ? [] : [description];
  const synthetic = examples.size + described.length > 0 ? described : [nameAsText(capability.name)];
  return [
    ...[...examples].map((text) => ({ text, synthetic: false })),
    ...synthetic.map((text) => ({ text, synthetic: true })),
  ];
}

/** `check-order_status` reads "check order status". */
function nameAsText(name: string): string {
  return scoredText(name.replace(/[-_./]+/g, " "));
}
