/** `lmos router serve`: the router as a service of its own, for Kotlin runtimes and whoever classifies by themselves. */
import type { EmbeddingModel } from "@lmos/embeddings";
import type { Logger } from "@lmos/primitives";
import {
  buildRouterIndex,
  type ChatModel,
  createClassifier,
  createEmbeddingCache,
  createLmosClassifier,
  createMemoryExampleStore,
  createMessageEmbedding,
  createQdrantExampleStore,
  type EmbeddingCache,
  type ExampleStore,
  type RoutingMode,
} from "@lmos/router";
import {
  type ClassifierFactory,
  createGivenAgents,
  createRoutingDirectory,
  createVectorSuccession,
  type GivenAgents,
  type RouterService,
  type RoutingDirectory,
  startRouterService,
  type Vectors,
} from "@lmos/router-service";
import { Command, Option } from "commander";
import { readAgentDocument } from "../../agent-document-file.ts";
import { connect } from "../../connect.ts";
import type { CommandContext } from "../../context.ts";
import { type EmbeddingOptions, loadEmbedding, withEmbeddingOptions } from "../../embedding-option.ts";
import { parseHttpUrl } from "../../http-url.ts";
import {
  type LanguageModelOptions,
  languageModelOf,
  withLanguageModelOptions,
} from "../../language-model-option.ts";
import {
  componentLogger,
  type ServerOptions,
  serveUntilStopped,
  withServerOptions,
} from "../../server-options.ts";

interface ServeOptions extends ServerOptions, EmbeddingOptions, LanguageModelOptions {
  readonly agents?: string;
  readonly tenant?: string;
  readonly channel?: string;
  readonly rule: "lmos" | "calibrated";
  readonly mode?: RoutingMode;
  readonly qdrantUrl?: string;
}

const cacheEntries = 100_000;
/** Milliseconds that a service of vectors has for a message; then words decide. */
const embeddingMs = 1400;

/** The command `router serve`. */
export function serveCommand(context: CommandContext): Command {
  const command = new Command("serve")
    .description(
      "serve the router: LMOS' classifier API, and an OpenAI-shaped door for LLM_BASE_URL of a Kotlin runtime",
    )
    .addHelpText("after", examples);
  const withRouter = withLanguageModelOptions(
    withEmbeddingOptions(withDecisionOptions(withAgentFile(command))),
  );
  return withServerOptions(withRouter, 8082).action((options: ServeOptions) => serve(options, context));
}

const examples = [
  "\nExamples:",
  "  lmos router serve                                   # the channels of a cluster",
  "  lmos router serve --agents agents.json --tenant acme --channel web --port 8082",
  "  lmos router serve --rule lmos                       # decides as Eclipse LMOS does",
  "\nA Kotlin runtime asks it with LLM_PROVIDER=other LLM_BASE_URL=http://HOST:8082/v1",
].join("\n");

function withAgentFile(command: Command): Command {
  return command
    .option("--agents <file>", "JSON document {id, capabilityGroups: [agent]}, in place of a cluster")
    .option("--tenant <tenant>", "tenant of these agents")
    .option("--channel <channel>", "channel of these agents");
}

function withDecisionOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--rule <rule>",
        "how vectors decide: calibrated, or lmos (sums of scores and its thresholds)",
      )
        .choices(["calibrated", "lmos"])
        .default("calibrated"),
    )
    .addOption(
      new Option(
        "--mode <mode>",
        "how the OpenAI-shaped door decides (else hybrid with a model, vector without)",
      ).choices(["vector", "llm", "hybrid"]),
    )
    .option(
      "--qdrant-url <url>",
      "REST API of Qdrant for the examples (else in memory); key in $QDRANT_API_KEY",
      parseHttpUrl,
    );
}

async function serve(options: ServeOptions, context: CommandContext): Promise<void> {
  const { clock, random, ids, signal } = context;
  const logger = componentLogger("router", options, context);
  const embedding = await loadEmbedding(options, context);
  const languageModel = await languageModelOf(options, context);
  const given = createGivenAgents();
  const vectors = createVectorSuccession({
    embedding,
    given,
    create: (model) =>
      createVectors(model, options, { context, languageModel, isFirst: model.id === embedding.id }),
    ...{ clock, random, logger },
  });
  await addGivenAgents(options, { store: vectors.current.store, given, context });
  await using stack = new AsyncDisposableStack();
  runUntilDisposed(stack, (call) => vectors.run(call), context);
  const directory =
    options.agents === undefined ? startMirror(stack, { options, context, logger }) : undefined;
  let isReady = directory === undefined;
  const start = async (): Promise<RouterService> => {
    const service = await startRouterService({
      ...{ vectors, given, directory },
      mode: options.mode ?? (languageModel === undefined ? "vector" : "hybrid"),
      isReady: () => isReady,
      listen: { host: options.host, port: options.port },
      ...{ clock, ids, logger, signal },
    });
    logger.info("The router listens", { host: service.host, port: service.port });
    await directory?.whenReady({ signal });
    isReady = true;
    return service;
  };
  await serveUntilStopped(start, context);
}

/** Adds the agents of `--agents`. */
async function addGivenAgents(
  options: ServeOptions,
  {
    store,
    given,
    context,
  }: { readonly store: ExampleStore; readonly given: GivenAgents; readonly context: CommandContext },
): Promise<void> {
  if (options.agents === undefined) return;
  const { scope, agents } = await readAgentDocument(options.agents, options, context);
  for (const agent of agents) await store.put(scope, agent, context);
  given.put(scope, agents);
}

/** Runs something that ends with the stack. */
function runUntilDisposed(
  stack: AsyncDisposableStack,
  run: (call: { readonly signal: AbortSignal }) => Promise<void>,
  context: CommandContext,
): void {
  const stop = new AbortController();
  const running = run({ signal: AbortSignal.any([context.signal, stop.signal]) });
  stack.defer(async () => {
    stop.abort();
    await running;
  });
}

/** A mirror of the cluster's routings, which ends with the stack. */
function startMirror(
  stack: AsyncDisposableStack,
  {
    options,
    context,
    logger,
  }: { readonly options: ServeOptions; readonly context: CommandContext; readonly logger: Logger },
): RoutingDirectory {
  const { clock, random } = context;
  const { client } = stack.use(connect(options, context));
  const directory = createRoutingDirectory({ client, namespace: options.namespace, clock, random, logger });
  runUntilDisposed(stack, (call) => directory.run(call), context);
  return directory;
}

interface Parts {
  readonly embedding: EmbeddingModel;
  readonly cache: EmbeddingCache;
  readonly context: CommandContext;
}

interface VectorParts {
  readonly context: CommandContext;
  readonly languageModel: ChatModel | undefined;
  /** Whether it is the model that was there at the start. */
  readonly isFirst: boolean;
}

/** What is made with one model. A later one is beside the first, so in collections of its own. */
function createVectors(
  embedding: EmbeddingModel,
  options: ServeOptions,
  { context, languageModel, isFirst }: VectorParts,
): Vectors {
  const forMessages = createMessageEmbedding({ embedding, timeoutMs: embeddingMs, clock: context.clock });
  const parts = { embedding, cache: createEmbeddingCache({ maxEntries: cacheEntries }), context };
  const store = createStore(options, { ...parts, isFirst });
  return {
    embedding: forMessages,
    store,
    isStoreShared: isFirst && options.qdrantUrl !== undefined,
    createClassifier: classifierFactory(options, { ...parts, forMessages, store, languageModel }),
  };
}

function createStore(
  { qdrantUrl }: ServeOptions,
  { embedding, cache, context, isFirst }: Parts & Pick<VectorParts, "isFirst">,
): ExampleStore {
  if (qdrantUrl === undefined) return createMemoryExampleStore({ embedding, cache });
  const apiKey = context.environment.variables["QDRANT_API_KEY"];
  const collections = isFirst ? "shared" : "of-model";
  return createQdrantExampleStore({
    ...{ url: qdrantUrl, apiKey, embedding, cache, collections },
    clock: context.clock,
  });
}

interface ClassifierParts extends Parts {
  /** The same model as messages ask it. */
  readonly forMessages: EmbeddingModel;
  readonly store: ExampleStore;
  readonly languageModel: ChatModel | undefined;
}

/** By which rule and with which model classifiers decide. */
function classifierFactory(
  options: ServeOptions,
  { embedding, forMessages, cache, store, context, languageModel }: ClassifierParts,
): ClassifierFactory {
  const { clock, random } = context;
  const model = languageModel && { model: languageModel, clock, random };
  return async (mode, { agents, scope }, { signal }) => {
    if (mode === "vector" && options.rule === "lmos")
      return createLmosClassifier({ scope, store, embedding: forMessages });
    if (mode !== "vector" && model === undefined) return undefined;
    const index = await buildRouterIndex(agents, { embedding, cache, signal });
    return createClassifier({ mode, index, embedding: forMessages, languageModel: model });
  };
}
