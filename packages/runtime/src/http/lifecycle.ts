/**
 * Start and stop of the servers.
 *
 *   starting ─► serving ─► draining ─────────────► closed
 *               ready       not ready, no new turns,
 *                           running turns finish or are ended when their time is up
 */
import { abortable, type Clock, DeadlineExceededError, type Logger, withDeadline } from "@lmos/primitives";
import type { FastifyInstance } from "fastify";
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
  readonly drainMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Stops accepting, lets turns finish, ends those that don't, closes the server. */
export async function drainServer(app: FastifyInstance, options: DrainOptions): Promise<void> {
  const { running, doors, drainMs, clock, logger } = options;
  const closed = app.close(); // takes no connection from now on
  const idle = running.close();
  if (!(await settlesWithin(idle, drainMs, clock))) {
    logger.warn("Turns are ended because the runtime stops", { turns: running.size });
    running.abortAll();
    await settlesWithin(idle, flushMs, clock);
  }
  app.server.closeIdleConnections();
  await cutOff(app, closed, { clock, cutSockets: doors.cutSockets });
}

/** Closes a server that has nothing to finish. */
export async function closeServer(app: FastifyInstance, clock: Clock): Promise<void> {
  await cutOff(app, app.close(), { clock, cutSockets: () => undefined });
}

/** A connection that became idle after `close` began, or whose reader stalls, would keep the server open until its time-out. */
async function cutOff(
  app: FastifyInstance,
  closed: Promise<unknown>,
  { clock, cutSockets }: Doors & { readonly clock: Clock },
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
