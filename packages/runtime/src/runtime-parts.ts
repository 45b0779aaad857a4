/** The parts of a runtime and how they hang together; nothing runs and no port is open yet. */
import type { Logger } from "@lmos/primitives";
import { parsePublicUrl } from "./a2a/public-url.ts";
import { Pressure } from "./admission/pressure.ts";
import { openProcessGauges } from "./admission/process-gauges.ts";
import { TurnGate } from "./admission/turn-gate.ts";
import { TurnQuotas } from "./admission/turn-quotas.ts";
import { AgentTokens } from "./agent-tokens/agent-tokens.ts";
import { EndpointHealth } from "./agents/endpoint-health.ts";
import { RetryBudget } from "./agents/retry-budget.ts";
import { TrustedAuthorities, usualTrust } from "./agents/trusted-authorities.ts";
import { createWebSocketConnection, type WebSocketConnection } from "./agents/websocket-connection.ts";
import { BackgroundWork } from "./background-work.ts";
import { Asks } from "./collaboration/asks.ts";
import { RuntimeError } from "./errors.ts";
import { type Doors, openDoors } from "./http/doors.ts";
import type { Servers } from "./http/lifecycle.ts";
import { openManagementDoor } from "./http/management-door.ts";
import { createHttpServer, type ListenAddress } from "./http/server.ts";
import { faultOfLimit } from "./limit-fault.ts";
import { defaultLimits, provenUserQuotas, type RuntimeLimits } from "./limits.ts";
import { createKeptState, type KeptState } from "./memory/kept-state.ts";
import { openUsersDoor } from "./memory/user-doors.ts";
import { createMetrics, type RuntimeMetrics } from "./metrics/metrics.ts";
import type { GrantsOver } from "./routing/kubernetes-feed.ts";
import { createSources, type Sources } from "./routing/sources.ts";
import type { RuntimeOptions } from "./runtime-options.ts";
import type { TurnFailureCode } from "./turn/failure.ts";
import { RunningTurns } from "./turn/running-turns.ts";

/** What a runtime starts and stops. */
export interface RuntimeParts extends Servers, Admission, Pick<AgentSide, "connection" | "authorities"> {
  readonly asks: Asks;
  /** Undefined where agents get no tokens. */
  readonly agentTokens: AgentTokens | undefined;
  readonly sources: Sources;
  readonly doors: Doors;
  readonly limits: RuntimeLimits;
  readonly state: { serving: boolean };
  readonly work: BackgroundWork;
}

/** Makes them. */
export function createParts(options: RuntimeOptions, grantsOver?: GrantsOver): RuntimeParts {
  const { clock, ids, logger, authenticator, tracer } = options;
  const quotas = authenticator === undefined ? {} : provenUserQuotas;
  const limits = checkLimits({ ...defaultLimits, ...quotas, ...options.limits });
  const publicUrl = options.publicUrl === undefined ? undefined : parsePublicUrl(options.publicUrl);
  const sources = createSources({
    ...{ ...options, limits, grantsOver },
    onModelCall: (tenant, call) => metrics.modelCallEnded(tenant, call),
  });
  const { feed, routings, rollouts, endpoints, fetchRouting } = sources;
  const admission = createAdmission({ clock, limits, gauges: options.gauges }, (reason) =>
    metrics.turnRefused(reason),
  );
  const { state } = options;
  const kept = createKeptState({ state, maxConversations: limits.conversations, clock, logger });
  const agents = createAgentSide(options, limits);
  const work = new BackgroundWork({ clock, logger });
  const metrics: RuntimeMetrics = measure({ sources, admission, agents, kept, work });
  const { connection, authorities, health, retries } = agents;
  const asks = new Asks(ids, { needsToken: options.agentTokens?.required });
  const agentTokens = createAgentTokens(options, kept);
  const { conversations, memories, users } = kept;
  const turns = {
    ...{ endpoints, connection, health, retries, asks, routings, rollouts, fetchRouting, conversations },
    ...{ metrics, limits, clock, logger, tracer, agentTokens },
    describeMissing: feed.describeMissing,
  };
  const access = { authenticator, onAuthentication: metrics.authenticationEnded };
  if (authenticator === undefined) warnOfOpenDoors(logger);
  const { running } = admission;
  const app = createHttpServer({ logger, ids, connectionsPerAddress: limits.connectionsPerAddress });
  const { catalogue } = feed;
  const doors = openDoors(app, {
    publicUrl,
    turns,
    running,
    limits,
    catalogue,
    ids,
    access,
    memories,
    users,
    agentTokens,
  });
  const management = createHttpServer({ logger, ids });
  const parts: RuntimeParts = {
    ...{ app, management, asks, agentTokens, sources, doors, connection, authorities, limits },
    ...admission,
    state: { serving: true },
    work,
  };
  // Without an address of their own, health and metrics are answered beside the messages: a laptop's process has one port.
  const healthDoor = options.management === undefined ? app : management;
  const probes = { isAlive: () => parts.work.whole, isReady: () => isReady(parts) };
  openManagementDoor(healthDoor, { ...probes, metrics });
  if (isForOperators(options)) openUsersDoor(healthDoor, users);
  return parts;
}

function checkLimits(limits: RuntimeLimits): RuntimeLimits {
  const names = Object.keys(defaultLimits) as (keyof RuntimeLimits)[];
  const faults = names.flatMap((name) => faultOfLimit(name, limits[name]) ?? []);
  if (faults.length > 0) throw new RuntimeError("InvalidLimit", faults.join("; "));
  return limits;
}

interface Admission {
  readonly gauges: Disposable;
  readonly pressure: Pressure;
  readonly gate: TurnGate;
  readonly running: RunningTurns;
}

function createAdmission(
  {
    clock,
    limits,
    gauges = openProcessGauges(),
  }: Pick<RuntimeOptions, "clock" | "gauges"> & { readonly limits: RuntimeLimits },
  onRefused: (reason: TurnFailureCode) => void,
): Admission {
  const pressure = new Pressure({ gauges, clock });
  const gate = new TurnGate({ clock, limits, trouble: pressure });
  const running = new RunningTurns(gate, new TurnQuotas({ clock, limits }), onRefused);
  return { gauges, pressure, gate, running };
}

interface AgentSide {
  readonly health: EndpointHealth;
  readonly retries: RetryBudget;
  readonly authorities: TrustedAuthorities | undefined;
  readonly connection: WebSocketConnection;
}

function createAgentSide(
  { clock, random, ids, logger, agentsCa: path }: RuntimeOptions,
  limits: RuntimeLimits,
): AgentSide {
  const authorities = path === undefined ? undefined : new TrustedAuthorities({ path, clock, logger });
  const connection = createWebSocketConnection({ clock, ids, limits, trust: authorities ?? usualTrust });
  const health = new EndpointHealth({ clock, random });
  return { health, retries: new RetryBudget(), authorities, connection };
}

function createAgentTokens(
  { agentTokens, clock, ids, logger }: RuntimeOptions,
  { keys }: KeptState,
): AgentTokens | undefined {
  return agentTokens && new AgentTokens({ ...agentTokens, pseudonyms: keys, clock, ids, logger });
}

interface Measured {
  readonly sources: Sources;
  readonly admission: Admission;
  readonly agents: AgentSide;
  readonly kept: KeptState;
  readonly work: BackgroundWork;
}

function measure({ sources, admission, agents, kept, work }: Measured): RuntimeMetrics {
  return createMetrics({
    activeTurns: () => admission.running.size,
    waitingTurns: () => admission.gate.waiting,
    turnLimit: () => admission.gate.limit,
    routings: () => sources.routings.size,
    routingsAgeMs: () => sources.feed.ageMs(),
    refusedRoutings: () => sources.feed.refused,
    ungrantedWires: () => sources.feed.ungranted ?? 0,
    embeddingChanges: () => sources.generations.changes,
    embeddingChanging: () => sources.generations.preparing,
    conversations: () => kept.conversations.size,
    idleSockets: () => agents.connection.idleSockets,
    restingEndpoints: () => agents.health.resting,
    isWhole: () => work.whole,
    partFailures: () => work.failures,
    stateUp: () => kept.health.up,
    stateFailures: () => kept.health.failures,
  });
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

/** The address of a port that only this machine reaches. */
export function loopbackUrl({ host, port }: ListenAddress): string | undefined {
  return host === "127.0.0.1" || host === "localhost" ? `http://${host}:${port}` : undefined;
}

function isReady({ state, sources }: RuntimeParts): boolean {
  return state.serving && sources.ready;
}
