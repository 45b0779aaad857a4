import { silentLogger } from "@lmos/primitives";
import { FakeClock } from "@lmos/testing";
import { expect, test } from "vitest";
import { createConversationKeys } from "../identity/conversation-keys.ts";
import type { ConversationStore } from "../state/conversation-store.ts";
import { createInProcessConversations } from "../state/in-process-conversations.ts";
import { type Conversations, createConversations } from "./stored-conversations.ts";

const key = { tenant: "acme", channel: "web", conversationId: "c1" };
const clock = new FakeClock();

function conversationsOn(store: ConversationStore): Conversations {
  const keys = createConversationKeys("secret");
  return createConversations(10, { store, keys, clock, logger: silentLogger });
}

test("a conversation goes on at another runtime", async () => {
  const store = createInProcessConversations({ clock });
  const first = conversationsOn(store);
  first.append(key, { subset: "canary" }, [{ role: "user", content: "hello" }]);
  await first.save(key);
  const second = conversationsOn(store);
  await second.refresh(key);
  expect(second.find(key)).toEqual({ subset: "canary", messages: [{ role: "user", content: "hello" }] });
});

test("the store sees neither names nor ids", async () => {
  const seen: string[] = [];
  const store = createInProcessConversations({ clock });
  const conversations = conversationsOn({
    ...store,
    put: async (stored) => {
      seen.push(stored);
    },
  });
  conversations.append(key, { subset: "stable" }, []);
  await conversations.save(key);
  expect(seen.join()).not.toMatch(/acme|web|c1/);
});

test("without the store, what this process remembers counts", async () => {
  const away = async (): Promise<never> => {
    throw new Error("the store is away");
  };
  const store = createInProcessConversations({ clock });
  const conversations = conversationsOn({ ...store, find: away, put: away });
  conversations.append(key, { subset: "stable" }, [{ role: "user", content: "hello" }]);
  await conversations.save(key);
  await conversations.refresh(key);
  expect(conversations.find(key)?.messages).toHaveLength(1);
});
