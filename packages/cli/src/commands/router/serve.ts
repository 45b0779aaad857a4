/** `lmos router serve`: the router as a service of its own, for Kotlin runtimes and whoever classifies by themselves. */
import type { EmbeddingModel } from "@lmos/embeddings";
import type { Logger } from "@lmos/primitives";
import {
  buildRouterIndex,
  createEmbeddingCache,
  createHybridClassifier,
  createLmosClassifier,
  createMemoryExampleStore,
  createOpenAiChatModel,
  createQdrantExampleStore,
  createVectorClassifier,
  type EmbeddingCache,
  type ExampleStore,
} from "@lmos/router";
import {
  type ClassifierFactory,
  type ClassifierMode,
  createGivenAgents,
  createRoutingDirectory,
  type RouterService,
  type RoutingDirectory,
  startRouterService,
} from "@lmos/router-service";
import { Command, Option } from "commander";
import { readAgentDocument } from "../../agent-document-file.ts";
import { connect, type Target } from "../../connect.ts";
import type { CommandContext } from "../../context.ts";
import { type EmbeddingOptions, loadEmbedding, withEmbeddingOptions } from "../../embedding-option.ts";
import { CliError } from "../../errors.ts";
import {
  componentLogger,
  type ServerOptions,
  serveUntilStopped,
  withServerOptions,
} from "../../server-options.ts";

interface ServeOptions extends ServerOptions, EmbeddingOptions {
  readonly agents?: string;
  readonly tenant?: string;
  readonly channel?: string;
  readonly rule: "lmos" | "calibrated";
  readonly mode?: ClassifierMode;
  readonly llmBaseUrl?: string;
  readonly llmModel?: string;
  readonly qdrantUrl?: string;
}

const cacheEntries = 100_000;

/** The command `router serve`. */
export function serveCommand(context: CommandContext): Command {
  const command = new Command("serve")
    .description(
      "serve the router: LMOS' classifier API, and an OpenAI-shaped door for LLM_BASE_URL of a Kotlin runtime",
    )
    .option("--agents <file>", "JSON document {id, capabilityGroups: [agent]}, in place of a cluster")
    .option("--tenant <tenant>", "tenant of these agents")
    .option("--channel <channel>", "channel of these agents")
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
      "--llm-base-url <url>",
      "OpenAI-compatible API of a language model, for llm and hybrid; key in $LLM_API_KEY",
    )
    .option("--llm-model <name>", "its name")
    .option(
      "--qdrant-url <url>",
      "REST API of Qdrant for the examples (else in memory); key in $QDRANT_API_KEY",
    )
    .addHelpText(
      "after",
      [
        "\nExamples:",
        "  lmos router serve                                   # the channels of a cluster",
        "  lmos router serve --agents agents.json --tenant acme --channel web --port 8082",
        "  lmos router serve --rule lmos                       # decides as Eclipse LMOS does",
        "\nA Kotlin runtime asks it with LLM_PROVIDER=other LLM_BASE_URL=http://HOST:8082/v1",
      ].join("\n"),
    );
  return withServerOptions(withEmbeddingOptions(command), 8082).action((options: ServeOptions) =>
    serve(options, context),
  );
}

async function serve(options: ServeOptions, context: CommandContext): Promise<void> {
  const { clock, signal } = context;
  const logger = componentLogger("router", options);
  const embedding = await loadEmbedding(options, context);
  const cache = createEmbeddingCache({ maxEntries: cacheEntries });
  const store = createStore(options, { embedding, cache, context });
  const given = createGivenAgents();
  if (options.agents !== undefined) {
    const { scope, agents } = await readAgentDocument(options.agents, options, context);
    for (const agent of agents) await store.put(scope, agent, { signal });
    given.put(scope, agents);
  }
  await using target = options.agents === undefined ? connect(options, context) : undefined;
  const directory = target === undefined ? undefined : mirrorOf(target, { options, context, logger });
  let ready = directory === undefined;
  const running = directory === undefined ? undefined : directory.run({ signal });
  const start = async (): Promise<RouterService> => {
    const service = await startRouterService({
      embedding,
      given,
      directory,
      store,
      createClassifier: classifierFactory(options, { embedding, cache, store, context }),
      mode: options.mode ?? (options.llmBaseUrl === undefined ? "vector" : "hybrid"),
      isReady: () => ready,
      listen: { host: options.host, port: options.port },
      ...{ clock, ids: context.ids, logger, signal },
    });
    logger.info("The router listens", { host: service.host, port: service.port });
    await directory?.whenReady({ signal });
    ready = true;
    return service;
  };
  await serveUntilStopped(start, context);
  await running;
}

function mirrorOf(
  { client }: Target,
  {
    options,
    context,
    logger,
  }: { readonly options: ServeOptions; readonly context: CommandContext; readonly logger: Logger },
): RoutingDirectory {
  const { clock, random } = context;
  return createRoutingDirectory({ client, namespace: options.namespace, clock, random, logger });
}

interface Parts {
  readonly embedding: EmbeddingModel;
  readonly cache: EmbeddingCache;
  readonly context: CommandContext;
}

function createStore({ qdrantUrl }: ServeOptions, { embedding, cache, context }: Parts): ExampleStore {
  if (qdrantUrl === undefined) return createMemoryExampleStore({ embedding, cache });
  const apiKey = context.environment.variables["QDRANT_API_KEY"];
  return createQdrantExampleStore({ url: qdrantUrl, apiKey, embedding, cache, clock: context.clock });
}

/** By which rule and with which model classifiers decide. */
function classifierFactory(
  options: ServeOptions,
  { embedding, cache, store, context }: Parts & { readonly store: ExampleStore },
): ClassifierFactory {
  const { clock, random } = context;
  const model = chatModelOf(options, context);
  return async (mode, { agents, scope }, { signal }) => {
    if (mode === "vector" && options.rule === "lmos")
      return createLmosClassifier({ scope, store, embedding });
    if (mode !== "vector" && model === undefined) return undefined;
    const index = await buildRouterIndex(agents, { embedding, cache, signal });
    return model === undefined || mode === "vector"
      ? createVectorClassifier({ index, embedding })
      : createHybridClassifier({ index, embedding, model, clock, random });
  };
}

function chatModelOf({ llmBaseUrl, llmModel }: ServeOptions, { environment }: CommandContext) {
  if (llmBaseUrl === undefined && llmModel === undefined) return undefined;
  if (llmBaseUrl === undefined || llmModel === undefined) {
    throw new CliError("Usage", "a language model needs both --llm-base-url and --llm-model");
  }
  const apiKey = environment.variables["LLM_API_KEY"];
  return createOpenAiChatModel({ baseUrl: llmBaseUrl, model: llmModel, apiKey });
}
