/** {@link ConversationStore} in a SQLite file: conversations outlive the process. */
import type { Clock } from "@lmos/primitives";
import { z } from "zod";
import { readConversation, writeConversation } from "./conversation-codec.ts";
import type { ConversationStore } from "./conversation-store.ts";
import { openDatabase } from "./sqlite-database.ts";

const rowSchema = z.object({ body: z.string() });

/** Writes between two removals of what has expired. */
const writesBetweenSweeps = 1000;

/**
 * Opens the conversations in a SQLite file, which is made if there is none; `:memory:` keeps them for this process.
 *
 * @throws Error of `node:sqlite` when the file cannot be opened, or is no database.
 */
export function openSqliteConversations({
  path,
  clock,
}: {
  readonly path: string;
  readonly clock: Clock;
}): ConversationStore {
  const database = openDatabase(path);
  const find = database.prepare("SELECT body FROM conversation WHERE key = ? AND expires_at > ?");
  const put = database.prepare("INSERT OR REPLACE INTO conversation VALUES (?, ?, ?, ?)");
  const erase = database.prepare("DELETE FROM conversation WHERE user = ?");
  const sweep = database.prepare("DELETE FROM conversation WHERE expires_at <= ?");
  let writes = 0;
  return {
    find: async (key) => {
      const row = find.get(key, clock.now());
      return row === undefined ? undefined : readConversation(rowSchema.parse(row).body);
    },
    put: async (key, conversation, { user, expiresAt }) => {
      put.run(key, writeConversation(conversation), user, expiresAt);
      writes += 1;
      if (writes % writesBetweenSweeps === 0) sweep.run(clock.now());
    },
    eraseUser: async (user) => {
      sweep.run(clock.now());
      return Number(erase.run(user).changes);
    },
    [Symbol.dispose]: () => database.close(),
  };
}
