/**
 * Builds the classifier of a channel, as its settings want it. Where few agents have changed, there is one at once: the
 * index before with what has changed, which serves until its own is fitted.
 */
import type { EmbeddingModel } from "@lmos/embeddings";
import type { Clock, Random } from "@lmos/primitives";
import {
  adaptRouterIndex,
  buildRouterIndex,
  type ChatModel,
  type Classifier,
  createClassifier,
  createEmbeddingCache,
  createModelGuard,
  type ModelOptions,
  type RoutableAgent,
  type RouterIndex,
} from "@lmos/router";
import type { RoutedAgent, RoutingSnapshot } from "./snapshot.ts";

/** Vectors kept for rebuilds, 1 KB each with the built-in model. */
const maxCachedVectors = 20_000;

/** What classifiers are made of. */
export interface ClassifierFactoryOptions {
  readonly embedding: EmbeddingModel;
  /** Asked where a channel wants it; shared by all channels, with its budget and its rest. */
  readonly chatModel?: ChatModel | undefined;
  readonly clock: Clock;
  readonly random: Random;
}

/** A channel whose classifier is to be built. */
export type UnclassifiedChannel = Pick<RoutingSnapshot, "agents" | "settings">;

/** How it is built. */
export interface ClassifierBuildOptions {
  /** The one that serves the channel now. */
  readonly previous: Classifier | undefined;
  /** Called with one that may serve until the promise resolves; not always. */
  readonly onInterim: (classifier: Classifier) => void;
  readonly signal: AbortSignal;
}

/** Builds one; rejects as `buildRouterIndex` does. */
export type ClassifierFactory = (
  channel: UnclassifiedChannel,
  options: ClassifierBuildOptions,
) => Promise<Classifier>;

/** Vectors of a text are computed once, however often the routings that hold it change. */
export function createClassifierFactory(options: ClassifierFactoryOptions): ClassifierFactory {
  const { embedding } = options;
  const cache = createEmbeddingCache({ maxEntries: maxCachedVectors });
  const languageModel = modelOptions(options);
  const indexes = new WeakMap<Classifier, RouterIndex>();
  const over = (index: RouterIndex, { settings }: UnclassifiedChannel): Classifier => {
    const { mode, thresholds, language } = settings;
    const classifier = createClassifier({ index, embedding, mode, thresholds, language, languageModel });
    indexes.set(classifier, index);
    return classifier;
  };
  return async (channel, { previous, onInterim, signal }) => {
    const agents = channel.agents.map(toRoutable);
    const before = previous === undefined ? undefined : indexes.get(previous);
    if (before !== undefined) {
      const adapted = await adaptRouterIndex(agents, { embedding, cache, previous: before, signal });
      if (adapted !== undefined) onInterim(over(adapted, channel));
    }
    return over(await buildRouterIndex(agents, { embedding, cache, signal }), channel);
  };
}

function modelOptions({ chatModel, clock, random }: ClassifierFactoryOptions): ModelOptions | undefined {
  if (chatModel === undefined) return undefined;
  return { model: chatModel, clock, random, guard: createModelGuard({ clock }) };
}

/** Routings of the Kotlin operator may give capabilities no id: then the name tells them apart. */
function toRoutable(agent: RoutedAgent): RoutableAgent {
  const capabilities = agent.capabilities.map((capability) => ({
    ...capability,
    id: capability.id || capability.name,
  }));
  return { ...agent, capabilities };
}
