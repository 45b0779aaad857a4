/**
 * Start and stop of the servers.
 *
 *   starting ─► serving ─► draining ──────────────────────────────────► closed
 *               ready       not ready; new turns get 503 and "come back",
 *                           over any connection, which is closed then;
 *                           running turns finish, and their agents may
 *                           still ask; or they end when their time is up
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { abortable, type Clock, DeadlineExceededError, type Logger, withDeadline } from "@lmos/primitives";
import type { FastifyInstance } from "fastify";
import type { RuntimeLimits } from "../limits.ts";
import type { RunningTurns } from "../turn/running-turns.ts";
import type { Doors } from "./doors.ts";
import { type ListenAddress, listen } from "./server.ts";

/** The servers of a runtime. */
export interface Servers {
  readonly app: FastifyInstance;
  readonly management: FastifyInstance;
}

/** Milliseconds in which last answers leave after the last turn, before connections are cut. */
const flushMs = 1000;

/** Opens the ports, the one for messages first. Where one cannot be opened, whoever made the servers closes them. */
export async function openServers(
  servers: Servers,
  addresses: { readonly listen: ListenAddress; readonly management: ListenAddress | undefined },
): Promise<{ readonly address: ListenAddress; readonly managementAddress: ListenAddress | undefined }> {
  const address = await listen(servers.app, addresses.listen);
  if (addresses.management === undefined) return { address, managementAddress: undefined };
  return { address, managementAddress: await listen(servers.management, addresses.management) };
}

/** How turns are drained. */
export interface DrainOptions {
  readonly running: RunningTurns;
  readonly doors: Doors;
  readonly limits: Pick<RuntimeLimits, "drainMs" | "lameDuckMs">;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Refuses new turns, lets running ones finish, ends those that don't, closes the server. */
export async function drainServer(app: FastifyInstance, options: DrainOptions): Promise<void> {
  const { doors, clock } = options;
  doors.drainSockets();
  app.server.prependListener("request", closeAfterAnswer);
  await drainTurns(options);
  const closed = app.close(); // takes no connection from now on
  app.server.closeIdleConnections();
  await cutOff(app, closed, { clock, cutSockets: doors.cutSockets });
}

/** The port stays open meanwhile: agents at work ask over new connections, and balancers learn late that nobody is here. */
async function drainTurns({ running, limits, clock, logger }: DrainOptions): Promise<void> {
  const beganAt = clock.monotonic();
  const idle = running.close();
  if (!(await settlesWithin(idle, limits.drainMs, clock))) {
    logger.warn("Turns are ended because the runtime stops", { turns: running.size });
    running.abortAll();
    await settlesWithin(idle, flushMs, clock);
  }
  const restMs = limits.lameDuckMs - (clock.monotonic() - beganAt);
  if (restMs > 0) await clock.sleep(restMs, { signal: new AbortController().signal });
}

/** Whoever comes again has to open a connection, and may then get to another runtime. */
function closeAfterAnswer(_request: IncomingMessage, response: ServerResponse): void {
  response.shouldKeepAlive = false;
}

/** Closes a server that has nothing to finish. */
export async function closeServer(app: FastifyInstance, clock: Clock): Promise<void> {
  await cutOff(app, app.close(), { clock, cutSockets: () => undefined });
}

/** A connection that became idle after `close` began, or whose reader stalls, would keep the server open until its time-out. */
async function cutOff(
  app: FastifyInstance,
  closed: Promise<unknown>,
  { clock, cutSockets }: Pick<Doors, "cutSockets"> & { readonly clock: Clock },
): Promise<void> {
  if (!(await settlesWithin(closed, flushMs, clock))) {
    app.server.closeAllConnections();
    cutSockets();
  }
  await closed;
}

async function settlesWithin(work: Promise<unknown>, ms: number, clock: Clock): Promise<boolean> {
  using deadline = withDeadline("Closing", ms, { signal: new AbortController().signal, clock });
  try {
    await abortable(work, deadline.signal);
    return true;
  } catch (error) {
    if (error instanceof DeadlineExceededError) return false;
    throw error;
  }
}
