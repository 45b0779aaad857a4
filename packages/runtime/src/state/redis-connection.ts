/**
 * A connection to Redis or Valkey, alone or behind Sentinels. It reconnects by itself, with back-off, for ever. Nothing
 * waits for that: a command fails at once while there is no connection, after {@link commandMs} while the server hangs,
 * and at once for {@link restMs} after that, so that a server that is away costs turns next to nothing.
 */
import {
  abortable,
  backoffDelayMs,
  type Clock,
  type Logger,
  nextTurn,
  type Random,
  withDeadline,
} from "@lmos/primitives";
import { RuntimeError } from "../errors.ts";
import { redisFault } from "./redis-fault.ts";
import type { RedisTarget } from "./redis-url.ts";

/** Sends commands. */
export interface Redis extends Disposable {
  /** @throws RuntimeError `StateUnavailable` when there is no answer, or one that says that it failed. */
  command(...words: readonly string[]): Promise<unknown>;
}

/** What a connection is made of. */
export interface RedisConnectionOptions {
  readonly target: RedisTarget;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** What both kinds of clients have in common. */
interface RedisClient {
  readonly isReady: boolean;
  send(words: readonly string[]): Promise<unknown>;
  close(): void;
}

/** Milliseconds in which a command must be answered. */
export const commandMs = 250;
/** Milliseconds for which no command is tried after one that was not answered. */
export const restMs = 1000;
/** Milliseconds in which a server that is there is usually connected to. */
const startMs = 1000;
const pollMs = 20;
const connectTimeout = 2000;
const reconnectPolicy = { initialMs: 100, maxMs: 5000, factor: 2, jitter: 0.2 };

/** Connects; resolves when that is done, or after a second in which it could not be done, and goes on trying. */
export async function connectRedis(options: RedisConnectionOptions): Promise<Redis> {
  const client = await createClient(options);
  await connectedWithin(startMs, client, options.clock);
  return guardRedis(client, options.clock);
}

/** Puts the time-out and the rest after it before a client. */
export function guardRedis(client: RedisClient, clock: Clock): Redis {
  let restsUntil = Number.NEGATIVE_INFINITY;
  return {
    command: async (...words) => {
      if (!client.isReady) throw unavailable("it is not connected");
      if (clock.monotonic() < restsUntil) throw unavailable("it did not answer a moment ago");
      using deadline = withDeadline("A command", commandMs, { signal: new AbortController().signal, clock });
      const answer = watched(client.send(words));
      try {
        return await abortable(answer.promise, deadline.signal);
      } catch (error) {
        if (deadline.signal.aborted) {
          await nextTurn(); // where this process was late, the answer may be there, and is read before that
          if (answer.succeeded) return answer.promise;
          restsUntil = clock.monotonic() + restMs;
        }
        throw unavailable(redisFault(error), error);
      }
    },
    [Symbol.dispose]: () => client.close(),
  };
}

interface Watched {
  readonly promise: Promise<unknown>;
  readonly succeeded: boolean;
}

/** A promise that can be asked whether it was fulfilled. */
function watched(promise: Promise<unknown>): Watched {
  const state = { promise, succeeded: false };
  const note = (): void => {
    state.succeeded = true;
  };
  promise.then(note, () => undefined);
  return state;
}

async function createClient(options: RedisConnectionOptions): Promise<RedisClient> {
  const redis = await import("@redis/client"); // loaded by those who use it only: it takes a while
  const { target, random, logger } = options;
  const onError = (error: unknown): void =>
    logger.debug("The connection to Redis has a fault", { error: redisFault(error) });
  const reconnectStrategy = (retries: number): number => backoffDelayMs(reconnectPolicy, retries, random);
  const socket = { connectTimeout, reconnectStrategy };
  const node = { disableOfflineQueue: true, socket };
  if (target.kind === "sentinel") {
    const { name, nodes, username, password } = target;
    const client = redis.createSentinel({
      name,
      sentinelRootNodes: nodes.map((each) => ({ ...each })),
      nodeClientOptions: { ...node, ...(username && { username }), ...(password && { password }) },
      sentinelClientOptions: { socket },
      scanInterval: 1000,
    });
    client.on("error", onError);
    client.connect().catch(onError);
    return {
      get isReady() {
        return client.isReady;
      },
      send: (words) => client.sendCommand(false, [...words]),
      close: () => void client.destroy().catch(onError),
    };
  }
  const client = redis.createClient({ url: target.url, ...node });
  client.on("error", onError);
  client.connect().catch(onError);
  return {
    get isReady() {
      return client.isReady;
    },
    send: (words) => client.sendCommand(words),
    close: () => client.destroy(),
  };
}

async function connectedWithin(ms: number, client: RedisClient, clock: Clock): Promise<void> {
  const { signal } = new AbortController();
  const startedAt = clock.monotonic();
  while (!client.isReady && clock.monotonic() - startedAt < ms) await clock.sleep(pollMs, { signal });
}

function unavailable(why: string, cause?: unknown): RuntimeError {
  return new RuntimeError("StateUnavailable", `Redis cannot be asked: ${why}`, { cause });
}
