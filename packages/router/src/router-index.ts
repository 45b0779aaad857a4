/**
 * The index of one channel: everything that deciding about its messages needs, built once from its agents and never
 * changed. A change of the agents is a new index, built beside the old one and then put in its place.
 */
import type { EmbeddingModel } from "@lmos/embeddings";
import {
  backgroundSentences,
  type CapabilityExample,
  fitHead,
  type RankedCapability,
  type RankingHead,
} from "@lmos/ranking";
import { type Coverage, createCoverage } from "./coverage.ts";
import { embedTexts } from "./embed-texts.ts";
import type { EmbeddingCache } from "./embedding-cache.ts";
import { scoredText } from "./message-text.ts";
import type { RoutableAgent, RoutableCapability } from "./model.ts";
import { createSpelling, type Spelling } from "./spelling.ts";

/** An immutable snapshot; share it freely. */
export interface RouterIndex {
  readonly agents: readonly RoutableAgent[];
  /** Id of the embedding model that it was built with: messages must be embedded with the same. */
  readonly modelId: string;
  readonly head: RankingHead;
  readonly coverage: Coverage;
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
 * index. An agent without capabilities cannot be routed to; duplicates across agents are allowed.
 *
 * @throws whatever the embedding model throws; RankingError when its vectors are not finite or of unequal length.
 */
export async function buildRouterIndex(
  agents: readonly RoutableAgent[],
  options: RouterIndexOptions,
): Promise<RouterIndex> {
  const capabilities = agents.flatMap((agent) =>
    agent.capabilities.map((capability) => ({
      agent: agent.name,
      id: capability.id,
      texts: textsOf(capability),
    })),
  );
  const texts = capabilities.flatMap((capability) => capability.texts.map(({ text }) => text));
  const vectors = await embedTexts([...texts, ...backgroundSentences], options);
  const embedded = (text: string) => ({ text, vector: vectors.get(text) ?? new Float32Array() });
  const ranked = capabilities.map(
    ({ agent, id, texts: own }): RankedCapability => ({
      agent,
      id,
      examples: own.map(({ text, synthetic }): CapabilityExample => ({ ...embedded(text), synthetic })),
    }),
  );
  return {
    agents,
    modelId: options.embedding.id,
    head: fitHead({ capabilities: ranked, background: backgroundSentences.map(embedded) }),
    coverage: createCoverage(texts, options.embedding),
    spelling: createSpelling(texts, options.embedding),
  };
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
