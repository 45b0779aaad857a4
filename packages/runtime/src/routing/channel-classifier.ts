/**
 * Builds the classifier of a channel, as its settings want it. Its index is built at once where it serves turns soon: at the
 * start as long as there is room, and when the agents of a channel change that is in use. Others are built by their first
 * turn. Where few agents have changed, there is one at once: the index before with what has changed, which serves until its
 * own is fitted.
 */
import { createHash } from "node:crypto";
import type { EmbeddingModel } from "@lmos/embeddings";
import { abortable, type Clock, canonicalJson, type Random } from "@lmos/primitives";
import {
  adaptRouterIndex,
  buildRouterIndex,
  type ChatModel,
  type Classifier,
  createClassifier,
  createEmbeddingCache,
  createMessageEmbedding,
  createModelGuard,
  type ModelOptions,
  type RoutableAgent,
  type RouterIndex,
} from "@lmos/router";
import type { RuntimeLimits } from "../limits.ts";
import { IndexCache, type IndexedAgents } from "./index-cache.ts";
import type { RoutedAgent, RoutingSnapshot } from "./snapshot.ts";

/** Vectors kept for rebuilds, 1 KB each with the built-in model. */
const maxCachedVectors = 20_000;
/** Examples that are indexed before a turn asks for them: what takes seconds at the start, and memory for good. */
const maxExamplesAtStart = 1000;

/** What classifiers are made of. */
export interface ClassifierFactoryOptions {
  readonly embedding: EmbeddingModel;
  /** Asked where a channel wants it; shared by all channels, with its budget and its rest. */
  readonly chatModel?: ChatModel | undefined;
  readonly limits: Pick<RuntimeLimits, "modelMs" | "modelCallsPerMinute" | "embeddingMs" | "indexedExamples">;
  readonly clock: Clock;
  readonly random: Random;
  /** Ends what is being built for turns. */
  readonly signal: AbortSignal;
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
  const { indexedExamples } = options.limits;
  const cache = createEmbeddingCache({ maxEntries: maxCachedVectors });
  const indexes = new IndexCache({
    maxExamples: indexedExamples,
    build: (agents, { signal }) => buildRouterIndex(agents, { embedding, cache, signal }),
  });
  const languageModel = modelOptions(options);
  const forMessages = createMessageEmbedding({ ...options, timeoutMs: options.limits.embeddingMs });
  const indexOf = new WeakMap<Classifier, () => RouterIndex | undefined>();
  const over = (index: RouterIndex, { settings }: UnclassifiedChannel): Classifier => {
    const { mode, thresholds, language } = settings;
    return createClassifier({
      index,
      embedding: forMessages,
      ...{ mode, thresholds, language, languageModel },
    });
  };
  const remember = (classifier: Classifier, find: () => RouterIndex | undefined): Classifier => {
    indexOf.set(classifier, find);
    return classifier;
  };
  return async (channel, { previous, onInterim, signal }) => {
    const indexed = indexedAgentsOf(channel);
    const classifier = remember(
      classifierOver(indexed, {
        indexes,
        over: (index) => over(index, channel),
        plans: languageModel !== undefined && channel.settings.mode !== "vector",
        signal: options.signal,
      }),
      () => indexes.peek(indexed.key),
    );
    const before = previous === undefined ? undefined : indexOf.get(previous)?.();
    if (before === undefined && !hasRoom(indexes, indexed, indexedExamples)) return classifier;
    if (before !== undefined) {
      const adapted = await adaptRouterIndex(indexed.agents(), {
        embedding,
        cache,
        previous: before,
        signal,
      });
      if (adapted !== undefined) onInterim(remember(over(adapted, channel), () => adapted));
    }
    await indexes.get(indexed, { signal });
    return classifier;
  };
}

/** A first channel is indexed whatever its size: that way a large one alone does not keep its first user waiting. */
function hasRoom(indexes: IndexCache, { examples }: IndexedAgents, indexedExamples: number): boolean {
  const room = Math.min(maxExamplesAtStart, indexedExamples);
  return indexes.examples === 0 || indexes.examples + examples <= room;
}

interface IndexUse {
  readonly indexes: IndexCache;
  readonly over: (index: RouterIndex) => Classifier;
  /** Whether it can divide messages, which a language model does. */
  readonly plans: boolean;
  /** Ends a build that turns wait for. One of these turns does not: the next one needs the index as well. */
  readonly signal: AbortSignal;
}

/** A classifier that holds no index itself, so that one which is not used can go. */
function classifierOver(indexed: IndexedAgents, use: IndexUse): Classifier {
  const { indexes, over, plans, signal: life } = use;
  const made = new WeakMap<RouterIndex, Classifier>();
  const classifierOf = (index: RouterIndex): Classifier => {
    const known = made.get(index) ?? over(index);
    made.set(index, known);
    return known;
  };
  const built = async (signal: AbortSignal): Promise<Classifier> =>
    classifierOf(await abortable(indexes.get(indexed, { signal: life }), signal));
  /** Nearly always there, and then nothing is waited for. */
  const current = (signal: AbortSignal): Classifier | Promise<Classifier> => {
    const index = indexes.use(indexed.key);
    return index === undefined ? built(signal) : classifierOf(index);
  };
  return {
    classify: async (request, call) => {
      const classifier = current(call.signal);
      return (classifier instanceof Promise ? await classifier : classifier).classify(request, call);
    },
    ...(plans && { plan: async (request, call) => (await current(call.signal)).plan?.(request, call) }),
  };
}

function indexedAgentsOf({ agents }: UnclassifiedChannel): IndexedAgents {
  const routable = (): readonly RoutableAgent[] => agents.map(toRoutable);
  const texts = agents.flatMap(({ capabilities }) => capabilities.map(({ examples }) => examples.length + 1));
  return {
    key: createHash("sha256").update(canonicalJson(routable())).digest("base64"),
    examples: texts.reduce((sum, count) => sum + count, 0),
    agents: routable,
  };
}

function modelOptions(options: ClassifierFactoryOptions): ModelOptions | undefined {
  const { chatModel, limits, clock, random } = options;
  if (chatModel === undefined) return undefined;
  const guard = createModelGuard({ clock, callsPerMinute: limits.modelCallsPerMinute });
  return { model: chatModel, clock, random, guard, timeoutMs: limits.modelMs };
}

/** Routings of the Kotlin operator may give capabilities no id: then the name tells them apart. */
function toRoutable(agent: RoutedAgent): RoutableAgent {
  const { name, description } = agent;
  const capabilities = agent.capabilities.map((capability) => ({
    id: capability.id || capability.name,
    name: capability.name,
    description: capability.description,
    examples: capability.examples,
  }));
  return { name, description, capabilities };
}
