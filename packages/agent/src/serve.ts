// The way from an agent to a running process: address from the environment, log on stderr, and a drain when the
// process is told to end. The only file of this package that knows the process it runs in.
import { type Logger, systemClock, systemIds } from "@lmos/primitives";
import { createPinoLogger } from "@lmos/primitives/pino";
import { type AgentServer, startAgentServer } from "./agent-server.ts";
import type { Agent } from "./define-agent.ts";
import { AgentError } from "./errors.ts";
import { createTokenGuard } from "./token-guard.ts";
import type { TokenOptions } from "./token-options.ts";

/** How to serve; all of it optional. */
export interface ServeOptions {
  /** `PORT` of the environment unless given, else 8080; 0 takes a free one. */
  readonly port?: number | undefined;
  /** `HOST` of the environment unless given, else all interfaces, as a pod needs it. */
  readonly host?: string | undefined;
  /** JSON lines on stderr unless given. */
  readonly logger?: Logger | undefined;
  /** Refuses operations without a token that counts; they need none unless it is given. */
  readonly tokens?: TokenOptions | undefined;
  /** Aborting it drains and closes, as SIGTERM does, but leaves the process alone. */
  readonly signal?: AbortSignal | undefined;
}

/** Agents that are being served. Disposing drains and closes. */
export interface ServedAgent extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** Drains (25 s at most) and closes; resolves when all is closed. */
  stop(): Promise<void>;
}

const defaultPort = 8080;
const turnTimeoutMs = 60_000;
/** Kubernetes kills a pod 30 s after it told it to end. */
const drainTimeoutMs = 25_000;

/**
 * Serves an agent, or several in one process of which the first is the default: `/subscriptions` (WebSocket),
 * `POST /graphql`, `/.well-known/capabilities.json`, `/health`, `/health/liveness`, `/health/readiness`.
 * SIGTERM and SIGINT drain and then end the process. Throws an {@link AgentError} `InvalidDefinition` or
 * `InvalidEnvironment`, and the system's error when the address is taken.
 */
export async function serve(
  agent: Agent | readonly Agent[],
  options: ServeOptions = {},
): Promise<ServedAgent> {
  const logger = options.logger ?? createPinoLogger({ level: "info", fields: { component: "agent" } });
  const agents = checkAgents("name" in agent ? [agent] : agent);
  warnOfMissingExamples(agents, logger);
  const host = options.host ?? process.env["HOST"] ?? "0.0.0.0";
  const port = options.port ?? portOf(process.env["PORT"]);
  const { tokens } = options;
  const guard = tokens && (await createTokenGuard(tokens, { clock: systemClock, logger }));
  const server = await startAgentServer({
    agents,
    guard,
    host,
    port,
    logger,
    clock: systemClock,
    ids: systemIds,
    timeoutMs: turnTimeoutMs,
    drainTimeoutMs,
  });
  logger.info("Agent is served", { agents: agents.map(({ name }) => name), host, port: server.port });
  return watchForEnd(server, { host, logger, signal: options.signal });
}

interface EndOptions {
  readonly host: string;
  readonly logger: Logger;
  readonly signal: AbortSignal | undefined;
}

/** Drains when told so from outside; a second process signal ends at once, as the default handler is back by then. */
function watchForEnd(server: AgentServer, { host, logger, signal }: EndOptions): ServedAgent {
  const stop = async (): Promise<void> => {
    process.off("SIGTERM", onSignal);
    process.off("SIGINT", onSignal);
    signal?.removeEventListener("abort", onAbort);
    await server.stop();
    logger.info("Agent has stopped", { port });
  };
  const onSignal = (name: NodeJS.Signals): void => {
    logger.info("Agent drains", { signal: name });
    void stop().then(() => process.exit(0));
  };
  const onAbort = (): void => void stop();
  const { port } = server;
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
  signal?.addEventListener("abort", onAbort, { once: true });
  if (signal?.aborted) onAbort();
  return { host, port, stop, [Symbol.asyncDispose]: stop };
}

function checkAgents(agents: readonly Agent[]): readonly [Agent, ...Agent[]] {
  const [first, ...others] = agents;
  if (first === undefined) throw new AgentError("InvalidDefinition", "agents []: give at least one");
  const names = agents.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return [first, ...others];
  throw new AgentError("InvalidDefinition", `agents "${twice}": two have that name; rename one`);
}

function warnOfMissingExamples(agents: readonly Agent[], logger: Logger): void {
  for (const { name, capabilities } of agents) {
    const bare = capabilities.filter(({ examples }) => examples.length === 0);
    for (const capability of bare) {
      logger.warn("Capability has no examples and will be routed badly", {
        agent: name,
        capability: capability.name,
      });
    }
  }
}

function portOf(text: string | undefined): number {
  if (text === undefined || text === "") return defaultPort;
  // Digits only: a blank would be 0, which takes any free port, and 0x50 would be 80.
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new AgentError("InvalidEnvironment", `PORT ${JSON.stringify(text)}: write a number from 0 to 65535`);
}
