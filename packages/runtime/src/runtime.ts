/** Puts the runtime together: routings from the API server, agents over WebSockets, doors over HTTP. */
import { faultFields, whenAborted } from "@lmos/primitives";
import { RuntimeError } from "./errors.ts";
import { closeServer, drainServer, openServers } from "./http/lifecycle.ts";
import type { ListenAddress } from "./http/server.ts";
import type { GrantsOver } from "./routing/kubernetes-feed.ts";
import type { RuntimeOptions } from "./runtime-options.ts";
import { createParts, loopbackUrl, type RuntimeParts } from "./runtime-parts.ts";

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
 * @throws RuntimeError `ListenFailed` when a port cannot be opened, `InvalidLimit` when a bound cannot be kept,
 * `InvalidPublicUrl` when the address for users is none,
 * `InvalidRoutings` when grants count and routings do not come from the API server, or when a file of routings, `InvalidAuthorities` when one of certificates, or
 * `InvalidAgentTokens` when one of keys, cannot be used.
 */
export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  const parts = createParts(options, await grantsOf(options));
  const addresses = await openParts(parts, options);
  const agentsUrl = options.agentsUrl ?? loopbackUrl(addresses.address);
  if (agentsUrl !== undefined) parts.asks.serveAt(agentsUrl);
  startWork(parts);
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    parts.state.serving = false;
    stopped ??= stopParts(parts, options);
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

/** Who asks no grants does not load what reads them. */
async function grantsOf({ grants = "off", ...options }: RuntimeOptions): Promise<GrantsOver | undefined> {
  if (grants === "off") return undefined;
  const { client, routings = { kind: "kubernetes" } } = options;
  if (client === undefined || routings.kind !== "kubernetes") {
    throw new RuntimeError(
      "InvalidRoutings",
      "grants count only for routings of the API server: leave them off",
    );
  }
  const { createRoutingGrants } = await import("./grants/routing-grants.ts");
  return (mirrored) => createRoutingGrants(mirrored, { ...options, client, mode: grants });
}

/** Reads what there must be at the start and opens the ports; where that fails, nothing is left open. */
async function openParts(
  parts: RuntimeParts,
  { listen, management }: RuntimeOptions,
): ReturnType<typeof openServers> {
  try {
    await parts.sources.feed.open();
    await parts.authorities?.open();
    await parts.agentTokens?.open();
    return await openServers(parts, { listen, management });
  } catch (error) {
    parts.gauges[Symbol.dispose]();
    await Promise.all([parts.app.close(), parts.management.close()]);
    throw error;
  }
}

function startWork({ work, sources, authorities, agentTokens, gate, pressure }: RuntimeParts): void {
  for (const [name, part] of Object.entries(sources.parts)) work.start(name, part);
  if (authorities !== undefined) work.start("authorities", (call) => authorities.run(call));
  if (agentTokens !== undefined) work.start("agent-tokens", (call) => agentTokens.run(call));
  work.start("gate", (call) => gate.run(call));
  work.start("pressure", (call) => pressure.run(call));
}

async function stopParts(
  { app, management, running, doors, connection, limits, work, sources, gauges }: RuntimeParts,
  { clock, logger }: RuntimeOptions,
): Promise<void> {
  logger.info("The runtime stops", { turns: running.size });
  await drainServer(app, { running, doors, limits, clock, logger });
  connection[Symbol.dispose]();
  await work.stop();
  sources[Symbol.dispose]();
  gauges[Symbol.dispose]();
  await closeServer(management, clock);
}

function stopWhenAborted({ signal, logger }: RuntimeOptions, stop: () => Promise<void>): void {
  whenAborted(signal)
    .then(stop)
    .catch((error: unknown) => logger.error("The runtime did not stop cleanly", faultFields(error)));
}
