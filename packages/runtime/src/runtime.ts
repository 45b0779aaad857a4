/** Puts the runtime together: routings from the API server, agents over WebSockets, doors over HTTP. */
import type { EmbeddingModel } from "@lmos/embeddings";
import type { KubeClient } from "@lmos/kube";
import { type Clock, type IdSource, type Logger, type Random, whenAborted } from "@lmos/primitives";
import type { ChatModel } from "@lmos/router";
import type { Tracer } from "@opentelemetry/api";
import { Pressure } from "./admission/pressure.ts";
import { openProcessGauges } from "./admission/process-gauges.ts";
import { TurnGate } from "./admission/turn-gate.ts";
import { TurnQuotas } from "./admission/turn-quotas.ts";
import type { EndpointOrigin } from "./agents/endpoint-source.ts";
import { EndpointHealth } from "./agents/endpoint-health.ts";
import { RetryBudget } from "./agents/retry-budget.ts";
import { TrustedAuthorities, usualTrust } from "./agents/trusted-authorities.ts";
import { createWebSocketConnection, type WebSocketConnection } from "./agents/websocket-connection.ts";
import type { Authenticator } from "./auth/identity.ts";
import { Asks } from "./collaboration/asks.ts";
import { type Doors, openDoors } from "./http/doors.ts";
import { closeServer, drainServer, openServers, type Servers } from "./http/lifecycle.ts";
import { openManagementDoor } from "./http/management-door.ts";
import { createHttpServer, type ListenAddress } from "./http/server.ts";
import { defaultLimits, provenUserQuotas, type RuntimeLimits } from "./limits.ts";
import { createKeptState } from "./memory/kept-state.ts";
import { openUsersDoor } from "./memory/user-doors.ts";
import { createMetrics } from "./metrics.ts";
import type { RoutingOrigin } from "./routing/feed.ts";
import { createSources, type Sources } from "./routing/sources.ts";
import type { RuntimeState } from "./state/open-state.ts";
import { RunningTurns } from "./turn/running-turns.ts";

/** What a runtime is made of. */
export interface RuntimeOptions {
  /** Needed for routings from the API server, for agents found by their pods, and for `local`. */
  readonly client?: Pick<KubeClient, "list" | "watch"> | undefined;
  /** Where routings come from; the API server unless given. */
  readonly routings?: RoutingOrigin | undefined;
  readonly embedding: EmbeddingModel;
  /** Asked about messages where channels want it; without one vectors decide alone. */
  readonly chatModel?: ChatModel | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: IdSource;
  readonly logger: Logger;
  /** On a laptop: agents are found through the annotation of their Service, not through its name. */
  readonly local: boolean;
  /** Where agents are found when it is not `local`; by the name of their Service unless given. */
  readonly endpoints?: EndpointOrigin | undefined;
  /**
   * File of the certificates (PEM) that sign those of agents behind `wss://` addresses, read again when it changes; those
   * that Node trusts unless given.
   */
  readonly agentsCa?: string | undefined;
  /** Watch this namespace only; all of them unless given. */
  readonly namespace?: string | undefined;
  /** Address for messages. */
  readonly listen: ListenAddress;
  /**
   * Where agents reach this runtime, without a path; lets them ask other capabilities. On loopback it is known, elsewhere
   * agents cannot ask unless it is given.
   */
  readonly agentsUrl?: string | undefined;
  /** Address for health and metrics; that for messages unless given. */
  readonly management?: ListenAddress | undefined;
  /** What keeps conversations and memories, see `openState`; its owner closes it. In memory alone unless given. */
  readonly state?: RuntimeState | undefined;
  /** Where spans of turns go; there are none unless it is given. */
  readonly tracer?: Tracer | undefined;
  /** Finds out who is asking, see `createOidcAuthenticator`. Users are who they say they are unless it is given. */
  readonly authenticator?: Authenticator | undefined;
  /** Bounds that differ from {@link defaultLimits}, and from {@link provenUserQuotas} with an authenticator. */
  readonly limits?: Partial<RuntimeLimits> | undefined;
  /** Aborting stops the runtime as disposing it does. */
  readonly signal: AbortSignal;
}

/**
 * A running runtime. Disposing it takes it out of readiness, lets running turns finish (25 s at most), then closes it.
 */
export interface Runtime extends AsyncDisposable {
  /** Where messages are taken. */
  readonly address: ListenAddress;
  readonly managementAddress: ListenAddress | undefined;
  /** Resolves when the routings are known, which is when `/readyz` says so. */
  whenReady(options: { readonly signal: AbortSignal }): Promise<void>;
}

/**
 * Starts a runtime. It takes messages at once; `/readyz` says when it knows the routings.
 *
 * @throws RuntimeError `ListenFailed` when a port cannot be opened, `InvalidRoutings` when a file of routings, or
 * `InvalidAuthorities` when one of certificates, cannot be read.
 */
export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  const parts = createParts(options);
  const addresses = await openParts(parts, options);
  const agentsUrl = options.agentsUrl ?? loopbackUrl(addresses.address);
  if (agentsUrl !== undefined) parts.asks.serveAt(agentsUrl);
  const stopping = new AbortController();
  const work = Promise.all([
    parts.sources.run({ signal: stopping.signal }),
    parts.authorities?.run({ signal: stopping.signal }),
    parts.gate.run({ signal: stopping.signal }),
    parts.pressure.run({ signal: stopping.signal }).finally(() => parts.gauges[Symbol.dispose]()),
  ]);
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    parts.state.serving = false;
    stopped ??= stopParts(parts, options, async () => {
      stopping.abort();
      await work;
    });
    return stopped;
  };
  stopWhenAborted(options, stop);
  options.logger.info("The runtime takes messages", { ...addresses.address });
  return {
    ...addresses,
    whenReady: (call) => parts.sources.whenReady(call),
    [Symbol.asyncDispose]: stop,
  };
}

/** Reads what there must be at the start and opens the ports; where that fails, nothing is left open. */
async function openParts(
  parts: Parts,
  { listen, management }: RuntimeOptions,
): ReturnType<typeof openServers> {
  try {
    await parts.sources.feed.open();
    await parts.authorities?.open();
    return await openServers(parts, { listen, management });
  } catch (error) {
    parts.gauges[Symbol.dispose]();
    await Promise.all([parts.app.close(), parts.management.close()]);
    throw error;
  }
}

interface Parts extends Servers {
  readonly asks: Asks;
  readonly sources: Sources;
  readonly running: RunningTurns;
  readonly doors: Doors;
  readonly gate: TurnGate;
  readonly pressure: Pressure;
  readonly gauges: Disposable;
  readonly connection: WebSocketConnection;
  readonly authorities: TrustedAuthorities | undefined;
  readonly limits: RuntimeLimits;
  readonly state: { serving: boolean };
}

function createParts(options: RuntimeOptions): Parts {
  const { clock, random, ids, logger } = options;
  const quotas = options.authenticator === undefined ? {} : provenUserQuotas;
  const limits = { ...defaultLimits, ...quotas, ...options.limits };
  const sources = createSources({ ...options, limits });
  const { feed, routings, rollouts, endpoints, fetchRouting } = sources;
  const gauges = openProcessGauges();
  const pressure = new Pressure({ gauges, clock });
  const gate = new TurnGate({ clock, limits, trouble: pressure });
  const running = new RunningTurns(gate, new TurnQuotas({ clock, limits }), (reason) =>
    metrics.turnRefused(reason),
  );
  const { state } = options;
  const kept = createKeptState({ state, maxConversations: limits.conversations, clock, logger });
  const { conversations, memories, users } = kept;
  const health = new EndpointHealth({ clock, random });
  const { agentsCa } = options;
  const authorities =
    agentsCa === undefined ? undefined : new TrustedAuthorities({ path: agentsCa, clock, logger });
  const connection = createWebSocketConnection({ clock, ids, limits, trust: authorities ?? usualTrust });
  const metrics = createMetrics({
    activeTurns: () => running.size,
    waitingTurns: () => gate.waiting,
    turnLimit: () => gate.limit,
    routings: () => routings.size,
    routingsAgeMs: () => feed.ageMs(),
    refusedRoutings: () => feed.refused,
    conversations: () => conversations.size,
    idleSockets: () => connection.idleSockets,
    restingEndpoints: () => health.resting,
    stateUp: () => kept.health.up,
    stateFailures: () => kept.health.failures,
  });
  const calls = { endpoints, connection, health, retries: new RetryBudget() };
  const asks = new Asks(ids);
  const turns = {
    ...calls,
    asks,
    routings,
    rollouts,
    fetchRouting,
    conversations,
    metrics,
    limits,
    clock,
    logger,
    tracer: options.tracer,
  };
  const { authenticator } = options;
  const access = { authenticator, onAuthentication: metrics.authenticationEnded };
  if (authenticator === undefined) warnOfOpenDoors(logger);
  const app = createHttpServer({ logger, ids, connectionsPerAddress: limits.connectionsPerAddress });
  const doors = openDoors(app, {
    turns,
    running,
    limits,
    catalogue: feed.catalogue,
    ids,
    access,
    memories,
    users,
  });
  const management = createHttpServer({ logger, ids });
  const parts: Parts = {
    asks,
    ...{ app, management, sources, running, doors, gate, pressure, gauges, connection, authorities, limits },
    state: { serving: true },
  };
  // Without an address of their own, health and metrics are answered beside the messages: a laptop's process has one port.
  const healthDoor = options.management === undefined ? app : management;
  openManagementDoor(healthDoor, { isReady: () => isReady(parts), metrics });
  if (isForOperators(options)) openUsersDoor(healthDoor, users);
  return parts;
}

/** Whether nobody but operators gets to the address for health: it has a port of its own, or all of it is this machine's. */
function isForOperators({ management, listen, authenticator }: RuntimeOptions): boolean {
  return management !== undefined || (authenticator === undefined && loopbackUrl(listen) !== undefined);
}

function warnOfOpenDoors(logger: Logger): void {
  logger.warn(
    "Requests are not authenticated: users, tenants and the headers x-subset, x-namespace and x-tenant are taken as they come",
    { insecure: true },
  );
}

function loopbackUrl({ host, port }: ListenAddress): string | undefined {
  return host === "127.0.0.1" || host === "localhost" ? `http://${host}:${port}` : undefined;
}

function isReady({ state, sources }: Parts): boolean {
  return state.serving && sources.ready;
}

async function stopParts(
  { app, management, running, doors, connection, limits }: Parts,
  { clock, logger }: RuntimeOptions,
  stopSources: () => Promise<void>,
): Promise<void> {
  logger.info("The runtime stops", { turns: running.size });
  await drainServer(app, { running, doors, drainMs: limits.drainMs, clock, logger });
  connection[Symbol.dispose]();
  await stopSources();
  await closeServer(management, clock);
}

function stopWhenAborted({ signal, logger }: RuntimeOptions, stop: () => Promise<void>): void {
  whenAborted(signal)
    .then(stop)
    .catch((error: unknown) => logger.error("The runtime did not stop cleanly", { error }));
}
