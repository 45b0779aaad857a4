/** Opens what keeps conversations and memories, by the name that a user gives it. */
import { type Clock, errorMessage, type Logger, type Random } from "@lmos/primitives";
import { RuntimeError } from "../errors.ts";
import type { ConversationStore } from "./conversation-store.ts";
import { createInProcessMemories } from "./in-process-memories.ts";
import type { MemoryStore } from "./memory-store.ts";
import { connectRedis } from "./redis-connection.ts";
import { createRedisConversations } from "./redis-conversations.ts";
import { createRedisMemories } from "./redis-memories.ts";
import { parseRedisUrl } from "./redis-url.ts";
import { openSqliteConversations } from "./sqlite-conversations.ts";
import { openSqliteMemories } from "./sqlite-memories.ts";
import { newStateSecret, readStateSecret } from "./state-secret.ts";

/** What keeps conversations and memories. Disposing it closes it. */
export interface RuntimeState extends Disposable {
  /** Undefined where conversations are kept in the runtime's own memory alone. */
  readonly conversations: ConversationStore | undefined;
  readonly memories: MemoryStore;
  /** Under which both are found: the same for all runtimes that share them. */
  readonly secret: string;
}

/** What opening needs. */
export interface OpenStateOptions {
  /** File with the secret. */
  readonly keyFile: string | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/**
 * Opens `memory` (gone with the process), `sqlite:FILE` (for this process; its secret is in `FILE.key` unless there is a
 * key file), or an address of Redis as {@link parseRedisUrl} reads it (for all runtimes that have the same key file). A
 * Redis that is away is waited for in the background.
 *
 * @throws RuntimeError `InvalidState` when the name is none of these, or the file or the secret cannot be used.
 */
export async function openState(name: string, options: OpenStateOptions): Promise<RuntimeState> {
  if (name === "memory") return openMemory(options);
  if (name.startsWith("sqlite:")) return openSqlite(name.slice("sqlite:".length), options);
  if (/^redis(s|\+sentinel)?:/.test(name)) return openRedis(name, options);
  throw new RuntimeError(
    "InvalidState",
    "the state has to be memory, sqlite:FILE, redis://HOST:PORT, rediss://HOST:PORT or redis+sentinel://HOST:PORT,HOST:PORT/NAME",
  );
}

function openMemory({ keyFile, clock }: OpenStateOptions): RuntimeState {
  const memories = createInProcessMemories({ clock });
  const secret = keyFile === undefined ? newStateSecret() : readStateSecret(keyFile, { create: true });
  return { conversations: undefined, memories, secret, [Symbol.dispose]: () => memories[Symbol.dispose]() };
}

function openSqlite(path: string, { keyFile, clock }: OpenStateOptions): RuntimeState {
  if (path === "")
    throw new RuntimeError("InvalidState", "the state sqlite: names no file: write sqlite:FILE");
  const secret = readStateSecret(keyFile ?? `${path}.key`, { create: true });
  try {
    const conversations = openSqliteConversations({ path, clock });
    const memories = openSqliteMemories({ path, clock });
    const close = (): void => {
      conversations[Symbol.dispose]();
      memories[Symbol.dispose]();
    };
    return { conversations, memories, secret, [Symbol.dispose]: close };
  } catch (error) {
    const message = `the state in ${path} cannot be opened: ${errorMessage(error)}`;
    throw new RuntimeError("InvalidState", message, { cause: error });
  }
}

async function openRedis(name: string, options: OpenStateOptions): Promise<RuntimeState> {
  const target = parseRedisUrl(name);
  if (options.keyFile === undefined) {
    const message =
      "state in Redis needs a key file, the same for all runtimes: make one by openssl rand -base64 32 > state.key";
    throw new RuntimeError("InvalidState", message);
  }
  const secret = readStateSecret(options.keyFile, { create: false });
  const { clock } = options;
  const redis = await connectRedis({ target, ...options });
  return {
    conversations: createRedisConversations({ redis, clock }),
    memories: createRedisMemories({ redis, clock }),
    secret,
    [Symbol.dispose]: () => redis[Symbol.dispose](),
  };
}
