/**
 * Builds the classifier of a channel, as its settings want it. Its index is built at once where it serves turns soon: at the
 * start as long as there is room, and when the agents of a channel change that is in use. Others are built by their first
 * turn. Where few agents have changed, there is one at once: the index before with what has changed, which serves until its
 * own is fitted.
 */
import { createHash } from "node:crypto";
import { abortable, type Clock, canonicalJson, type Random } from "@lmos/primitives";
import {
  adaptRouterIndex,
  type ChatModel,
  type Classifier,
  createClassifier,
  createMinuteBudget,
  createModelGuard,
  type Glance,
  type ModelCall,
  type ModelGuard,
  type ModelOptions,
  type ModelSpending,
  type RoutableAgent,
  type RouterIndex,
  shareModelGuard,
} from "@lmos/router";
import type { RuntimeLimits } from "../limits.ts";
import type { IndexCache, IndexedAgents } from "./index-cache.ts";
import { hasRoomAtStart, type IndexGenerations, type ServingIndex } from "./index-generation.ts";
import type { RoutedAgent, RoutingSnapshot } from "./snapshot.ts";

/** What classifiers are made of. */
export interface ClassifierFactoryOptions {
  /** Where the indexes are. */
  readonly generations: IndexGenerations;
  /** Asked where a channel wants it; shared by all channels, with its budget and its rest. */
  readonly chatModel?: ChatModel | undefined;
  readonly limits: Pick<
    RuntimeLimits,
    | "modelMs"
    | "modelCallsPerMinute"
    | "tenantModelCallsPerMinute"
    | "tenantModelTokensPerMinute"
    | "indexedExamples"
  >;
  /** Told of each call of the language model for a tenant, also of those that were not allowed. */
  readonly onModelCall?: ((tenant: string, call: ModelCall) => void) | undefined;
  readonly clock: Clock;
  readonly random: Random;
  /** Ends what is being built for turns. */
  readonly signal: AbortSignal;
}

/** A channel whose classifier is to be built. */
export type UnclassifiedChannel = Pick<RoutingSnapshot, "identity" | "agents" | "settings">;

/** How it is built. */
export interface ClassifierBuildOptions {
  /** The one that serves the channel now. */
  readonly previous: Classifier | undefined;
  /** Called with one that may serve until the promise resolves; not always. */
  readonly onInterim: (classifier: Classifier) => void;
  readonly signal: AbortSignal;
}

/**
 * Builds one; rejects as `buildRouterIndex` does. It is there at once where its index waits for the first turn: then the
 * thousands that a runtime may begin with are made one by one, and what making them leaves behind is young when it goes.
 */
export type ClassifierFactory = (
  channel: UnclassifiedChannel,
  options: ClassifierBuildOptions,
) => Classifier | Promise<Classifier>;

/** Vectors of a text are computed once, however often the routings that hold it change. */
export function createClassifierFactory(options: ClassifierFactoryOptions): ClassifierFactory {
  const classifiers = new ChannelClassifiers(options);
  return (channel, call) => classifiers.create(channel, call);
}

class ChannelClassifiers {
  readonly #options: ClassifierFactoryOptions;
  readonly #guard: ModelGuard;
  /** The language model for each tenant, with its share of the calls, and its tokens. */
  readonly #shares = new Map<string, ModelOptions>();
  readonly #indexOf = new WeakMap<Classifier, () => RouterIndex | undefined>();

  constructor(options: ClassifierFactoryOptions) {
    this.#options = options;
    const { clock, limits } = options;
    this.#guard = createModelGuard({ clock, callsPerMinute: limits.modelCallsPerMinute });
  }

  create(channel: UnclassifiedChannel, call: ClassifierBuildOptions): Classifier | Promise<Classifier> {
    const { generations, limits, signal } = this.#options;
    const indexed = indexedAgentsOf(channel);
    const classifier = this.#remember(
      classifierOver(indexed, {
        indexes: () => generations.current.indexes,
        over: (index) => this.#over(index, channel),
        plans: this.#options.chatModel !== undefined && channel.settings.mode !== "vector",
        signal,
      }),
      () => generations.current.indexes.peek(indexed.key)?.index,
    );
    const before = call.previous === undefined ? undefined : this.#indexOf.get(call.previous)?.();
    if (before === undefined && !hasRoomAtStart(generations.current, indexed, limits)) return classifier;
    return this.#built(channel, { indexed, classifier, before }, call);
  }

  async #built(
    channel: UnclassifiedChannel,
    { indexed, classifier, before }: Unbuilt,
    { onInterim, signal }: ClassifierBuildOptions,
  ): Promise<Classifier> {
    const { embedding, cache, forMessages, indexes } = this.#options.generations.current;
    if (before !== undefined) {
      const index = await adaptRouterIndex(indexed.agents(), { embedding, cache, previous: before, signal });
      if (index !== undefined)
        onInterim(this.#remember(this.#over({ index, forMessages }, channel), () => index));
    }
    await indexes.get(indexed, { signal });
    return classifier;
  }

  #over({ index, forMessages }: ServingIndex, { identity, settings }: UnclassifiedChannel): Classifier {
    const { mode, thresholds, language } = settings;
    return createClassifier({
      index,
      embedding: forMessages,
      ...{ mode, thresholds, language, languageModel: this.#shareOf(identity) },
    });
  }

  /** One for all channels of a tenant; nobody who chooses a name gets one, as only channels that have a routing do. */
  #shareOf({ tenant }: UnclassifiedChannel["identity"]): ModelOptions | undefined {
    const { chatModel: model, limits, clock, random, onModelCall } = this.#options;
    if (model === undefined) return undefined;
    const known = this.#shares.get(tenant);
    if (known !== undefined) return known;
    const callsPerMinute = limits.tenantModelCallsPerMinute;
    const guard = shareModelGuard(this.#guard, { clock, callsPerMinute });
    const spending: ModelSpending = {
      tokens: createMinuteBudget(limits.tenantModelTokensPerMinute, clock),
      onCall: (call) => onModelCall?.(tenant, call),
    };
    const share = { model, clock, random, guard, spending, timeoutMs: limits.modelMs };
    this.#shares.set(tenant, share);
    return share;
  }

  #remember(classifier: Classifier, find: () => RouterIndex | undefined): Classifier {
    this.#indexOf.set(classifier, find);
    return classifier;
  }
}

/** A classifier without its index, and the index that served before. */
interface Unbuilt {
  readonly indexed: IndexedAgents;
  readonly classifier: Classifier;
  readonly before: RouterIndex | undefined;
}

interface IndexUse {
  /** Those of the model that serves now. */
  readonly indexes: () => IndexCache<ServingIndex>;
  readonly over: (index: ServingIndex) => Classifier;
  /** Whether it can divide messages, which a language model does. */
  readonly plans: boolean;
  /** Ends a build that turns wait for. One of these turns does not: the next one needs the index as well. */
  readonly signal: AbortSignal;
}

const unseen: Glance = { kind: "unknown" };

/** A classifier that holds no index itself, so that one which is not used can go. */
function classifierOver(indexed: IndexedAgents, use: IndexUse): Classifier {
  const { indexes, over, plans, signal: life } = use;
  let made: WeakMap<ServingIndex, Classifier> | undefined;
  const classifierOf = (index: ServingIndex): Classifier => {
    made ??= new WeakMap();
    const known = made.get(index) ?? over(index);
    made.set(index, known);
    return known;
  };
  const built = async (signal: AbortSignal): Promise<Classifier> =>
    classifierOf(await abortable(indexes().get(indexed, { signal: life }), signal));
  /** Nearly always there, and then nothing is waited for. */
  const current = (signal: AbortSignal): Classifier | Promise<Classifier> => {
    const index = indexes().use(indexed.key);
    return index === undefined ? built(signal) : classifierOf(index);
  };
  return {
    glance: (message, call) => {
      const classifier = current(call.signal);
      return classifier instanceof Promise
        ? classifier.then(({ glance }) => glance?.(message, call) ?? unseen)
        : (classifier.glance?.(message, call) ?? unseen);
    },
    classify: (request, call) => {
      const classifier = current(call.signal);
      if (!(classifier instanceof Promise)) return classifier.classify(request, call);
      return classifier.then((made) => made.classify(request, call));
    },
    ...(plans && { plan: async (request, call) => (await current(call.signal)).plan?.(request, call) }),
  };
}

function indexedAgentsOf({ agents }: UnclassifiedChannel): IndexedAgents {
  const routable = (): readonly RoutableAgent[] => agents.map(toRoutable);
  const texts = agents.flatMap(({ capabilities }) => capabilities.map(({ examples }) => examples.length + 1));
  let key: string | undefined;
  return {
    get key() {
      key ??= createHash("sha256").update(canonicalJson(routable())).digest("base64");
      return key;
    },
    examples: texts.reduce((sum, count) => sum + count, 0),
    agents: routable,
  };
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
