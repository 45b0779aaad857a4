/** `lmos runtime`: takes messages, finds the agent for each, streams its answer. */
import {
  type Clock,
  collectYoungObjectsAlone,
  errorMessage,
  keepHeapSmall,
  type Logger,
  letHeapGrow,
  makeObjectsYoung,
} from "@lmos/primitives";
import { type GrantsMode, grantsModes } from "@lmos/resources";
import {
  type Authenticator,
  createOidcAuthenticator,
  openState,
  parsePublicUrl,
  type RoutingOrigin,
  startRuntime,
} from "@lmos/runtime";
import { Command, InvalidArgumentError, Option } from "commander";
import { type AgentTokenOptions, agentTokensOf, withAgentTokenOptions } from "../agent-token-options.ts";
import { connect } from "../connect.ts";
import type { CommandContext } from "../context.ts";
import { type EmbeddingOptions, loadEmbedding, withEmbeddingOptions } from "../embedding-option.ts";
import { parseHttpUrl } from "../http-url.ts";
import {
  type LanguageModelOptions,
  languageModelOf,
  withLanguageModelOptions,
} from "../language-model-option.ts";
import { type LimitOptions, withLimitOptions } from "../limit-option.ts";
import {
  addressesOf,
  componentLogger,
  type ServerOptions,
  serveUntilStopped,
  withServerOptions,
} from "../server-options.ts";
import { startTracing } from "../tracing.ts";

interface RuntimeCommandOptions
  extends ServerOptions,
    EmbeddingOptions,
    LanguageModelOptions,
    LimitOptions,
    AgentTokenOptions {
  readonly agentsUrl?: string;
  readonly publicUrl?: string;
  readonly agentsCa?: string;
  readonly operatorUrl?: string;
  readonly routings?: string;
  readonly grants: GrantsMode;
  readonly state?: string;
  readonly stateKeyFile?: string;
  readonly auth: "none" | "oidc";
  readonly oidcIssuer?: string;
  readonly oidcAudience: readonly string[];
  readonly oidcTenantClaim: string;
  readonly oidcJwksUrl?: string;
  readonly endpoints: "service" | "slices";
}

/** The command `runtime`. */
export function runtimeCommand(context: CommandContext): Command {
  const command = new Command("runtime").addHelpText(
    "after",
    [
      "\nExamples:",
      "  lmos runtime                     # in a pod",
      "  lmos runtime --port 0 --log-level debug",
      "  lmos runtime --operator-url http://lmos-operator:8080   # beside a Kotlin operator",
      "  lmos runtime --routings routings.yaml                   # without a cluster",
      "  lmos runtime --grants enforce                           # no turn for whom nobody granted it",
      "  lmos runtime --llm-base-url http://localhost:11434/v1 --llm-model qwen3:4b   # doubtful messages to a model",
      "  lmos runtime --state sqlite:state.db                    # conversations outlive the process",
      "  lmos runtime --auth oidc --oidc-issuer https://id.example --oidc-audience lmos",
      "  lmos runtime --agent-tokens agent-tokens.pem            # openssl genpkey -algorithm ed25519 -out agent-tokens.pem",
      "  lmos runtime --limit tenantTurnsPerSecond=50 --limit userTurns=4",
      "  lmos runtime --public-url https://chat.example/lmos     # behind a gateway",
      "  lmos runtime --state redis://redis:6379 --state-key-file state.key   # and replicas share them",
    ].join("\n"),
  );
  return withLimitOptions(
    withAgentTokenOptions(
      withAuthOptions(
        withStateOptions(withRoutingOptions(withServerOptions(withRouterOptions(command), 8081))),
      ),
    ),
  )
    .option(
      "--agents-url <url>",
      "URL under which agents reach this runtime to ask other agents (else its loopback address)",
      parseHttpUrl,
    )
    .option(
      "--public-url <url>",
      "address under which users reach this runtime, such as a gateway's, for A2A agent cards (else the host that was asked)",
      parseUsersUrl,
    )
    .action(async (options: RuntimeCommandOptions) => run(options, context));
}

/** The address for users; commander tells what may stand there. */
function parseUsersUrl(text: string): string {
  try {
    return parsePublicUrl(text);
  } catch (error) {
    throw new InvalidArgumentError(errorMessage(error));
  }
}

function withRouterOptions(command: Command): Command {
  return withLanguageModelOptions(withEmbeddingOptions(command));
}

function withRoutingOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--operator-url <url>", "take routings from an operator's REST API, not from the API server")
        .argParser(parseHttpUrl)
        .conflicts("routings"),
    )
    .addOption(
      new Option(
        "--endpoints <how>",
        "find agents by the name of their Service, or by the ready pods behind it",
      )
        .choices(["service", "slices"])
        .default("service"),
    )
    .option(
      "--agents-ca <file>",
      "certificates (PEM) that sign those of agents behind wss:// addresses, read again when the file changes",
    )
    .option("--routings <file>", "take routings from a YAML file, read again when it changes")
    .addOption(
      new Option(
        "--grants <mode>",
        "how much Tenants and CapabilityGrants count for routings of the API server, whatever these say (docs/grants.md)",
      )
        .choices([...grantsModes])
        .default("off")
        .conflicts(["operatorUrl", "routings"]),
    );
}

function withAuthOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--auth <how>",
        "how users prove who they are: not at all, or by tokens of an OpenID provider",
      )
        .choices(["none", "oidc"])
        .default("none"),
    )
    .option("--oidc-issuer <url>", "the provider whose tokens count")
    .option("--oidc-audience <name...>", "whom tokens have to be for, one of these", [])
    .option("--oidc-tenant-claim <name>", "the claim that names the tenant", "tenant")
    .option("--oidc-jwks-url <url>", "where the provider's keys are (else found through its configuration)");
}

/** Undefined where users don't have to prove who they are. */
async function authenticatorOf(
  { auth, oidcIssuer = "", oidcAudience, oidcTenantClaim, oidcJwksUrl }: RuntimeCommandOptions,
  services: { readonly clock: Clock; readonly logger: Logger },
): Promise<Authenticator | undefined> {
  if (auth === "none") return undefined;
  return createOidcAuthenticator({
    issuer: oidcIssuer,
    audiences: oidcAudience,
    tenantClaim: oidcTenantClaim,
    jwksUrl: oidcJwksUrl,
    ...services,
  });
}

function withStateOptions(command: Command): Command {
  return command
    .option(
      "--state <where>",
      "what keeps conversations and memories: memory, sqlite:FILE, redis://HOST:PORT, rediss://…, redis+sentinel://HOST:PORT,HOST:PORT/NAME (else LMOS_STATE, else memory)",
    )
    .option(
      "--state-key-file <file>",
      "file with the secret under which they are found, the same for all runtimes that share them (else FILE.key beside a SQLite file)",
    );
}

async function run(options: RuntimeCommandOptions, context: CommandContext): Promise<void> {
  const agentTokens = agentTokensOf(options, context);
  const routings = originOf(options);
  const needsCluster =
    routings.kind === "kubernetes" || options.local === true || options.endpoints === "slices";
  await using target = needsCluster ? connect(options, context) : undefined;
  await using tracing = await startTracing("runtime", context);
  const { clock, random, ids, signal } = context;
  const logger = componentLogger("runtime", options, context);
  using state = await openState(options.state ?? context.environment.variables["LMOS_STATE"] ?? "memory", {
    keyFile: options.stateKeyFile,
    ...{ clock, random, logger },
  });
  const authenticator = await authenticatorOf(options, { clock, logger });
  const chatModel = await languageModelOf(options, context);
  const embedding = await loadEmbedding(options, context);
  collectYoungObjectsAlone();
  makeObjectsYoung();
  keepHeapSmall(); // reading routings makes garbage of many times their size
  const start = async () => {
    const runtime = await startRuntime({
      client: target?.client,
      routings,
      grants: options.grants,
      tracer: tracing.tracer,
      embedding,
      chatModel,
      logger,
      state,
      authenticator,
      agentTokens,
      limits: options.limit,
      local: options.local === true,
      endpoints: options.endpoints,
      namespace: options.namespace,
      agentsUrl: options.agentsUrl,
      publicUrl: options.publicUrl,
      agentsCa: options.agentsCa,
      ...addressesOf(options),
      ...{ clock, random, ids, signal },
    });
    runtime.whenReady({ signal }).then(letHeapGrow, () => undefined); // only a stop comes before
    return runtime;
  };
  await serveUntilStopped(start, context);
}

function originOf({ operatorUrl, routings }: RuntimeCommandOptions): RoutingOrigin {
  if (operatorUrl !== undefined) return { kind: "operator", url: operatorUrl };
  return routings === undefined ? { kind: "kubernetes" } : { kind: "file", path: routings };
}
