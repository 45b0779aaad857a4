import type { LogFields, Logger } from "@lmos/primitives";
import { silentLogger } from "@lmos/primitives";
import { FakeClock } from "@lmos/testing";
import { describe, expect, test } from "vitest";
import { createStateKeys } from "../identity/state-keys.ts";
import type { ConversationStore } from "../state/conversation-store.ts";
import { createInProcessConversations } from "../state/in-process-conversations.ts";
import { StateHealth } from "../state/state-health.ts";
import { type Conversations, createConversations } from "./stored-conversations.ts";

const key = { tenant: "acme", channel: "web", conversationId: "c1", userId: "alice" };
const clock = new FakeClock();

function conversationsOn(store: ConversationStore, health = new StateHealth(silentLogger)): Conversations {
  return createConversations(10, { store, keys: createStateKeys("secret"), health, clock });
}

/** A store that can go away. */
function fragileStore() {
  const store = createInProcessConversations({ clock });
  const state = { away: false };
  const unlessAway = async <T>(use: () => Promise<T>): Promise<T> => {
    if (state.away) throw new Error("the store is away");
    return use();
  };
  const fragile: ConversationStore = {
    ...store,
    find: (...parameters) => unlessAway(() => store.find(...parameters)),
    put: (...parameters) => unlessAway(() => store.put(...parameters)),
    eraseUser: (...parameters) => unlessAway(() => store.eraseUser(...parameters)),
  };
  return { state, store: fragile };
}

describe("with a store behind it", () => {
  test("a conversation goes on at another runtime", async () => {
    const store = createInProcessConversations({ clock });
    const first = conversationsOn(store);
    const question = { text: "Which?", choices: [{ agent: "a", capability: "b", confidence: 0.5 }] };
    const said = {
      messages: [{ role: "user", content: "hello" } as const],
      at: 5,
      question,
      handedOver: true,
    };
    first.append(key, { subset: "canary" }, said);
    await first.save(key);
    const second = conversationsOn(store);
    await second.refresh(key);
    expect(second.find(key)).toEqual({ subset: "canary", ...said });
  });

  test("the store sees neither names nor ids", async () => {
    const seen: string[] = [];
    const store = createInProcessConversations({ clock });
    const conversations = conversationsOn({
      ...store,
      put: async (stored, _conversation, { user }) => {
        seen.push(stored, user);
      },
    });
    conversations.append(key, { subset: "stable" }, { messages: [], at: 0 });
    await conversations.save(key);
    expect(seen.join()).not.toMatch(/acme|web|c1|alice/);
    expect(seen).toHaveLength(2);
  });

  test("what another runtime has erased is not remembered here", async () => {
    const store = createInProcessConversations({ clock });
    const first = conversationsOn(store);
    const second = conversationsOn(store);
    first.append(key, { subset: "stable" }, { messages: [{ role: "user", content: "hello" }], at: 0 });
    await first.save(key);
    await second.refresh(key);
    expect(await first.eraseUser(key)).toEqual({ kind: "done", value: 1 });
    await second.refresh(key);
    expect([first.find(key), second.find(key)]).toEqual([undefined, undefined]);
  });

  test("an erasure spares other users and other tenants", async () => {
    const conversations = conversationsOn(createInProcessConversations({ clock }));
    const others = [
      { ...key, conversationId: "c2", userId: "bob" },
      { ...key, tenant: "globex" },
      { ...key, conversationId: "c3", owner: { issuer: "i", subject: "alice" } },
    ];
    for (const each of [key, ...others]) {
      conversations.append(each, { subset: "stable" }, { messages: [], at: 0 });
      await conversations.save(each);
    }
    await conversations.eraseUser(key);
    expect(conversations.find(key)).toBeUndefined();
    for (const each of others) {
      await conversations.refresh(each);
      expect(conversations.find(each)).toBeDefined();
    }
  });

  test("an owner's conversations are erased whatever the clients called the user", async () => {
    const conversations = conversationsOn(createInProcessConversations({ clock }));
    const owner = { issuer: "i", subject: "alice" };
    conversations.append({ ...key, owner, userId: "x" }, { subset: "stable" }, { messages: [], at: 0 });
    await conversations.save({ ...key, owner, userId: "x" });
    const erased = await conversations.eraseUser({ owner, tenant: "acme" });
    expect([erased, conversations.size]).toEqual([{ kind: "done", value: 1 }, 0]);
  });
});

describe("while the store is away", () => {
  test("what this process remembers counts", async () => {
    const { state, store } = fragileStore();
    const conversations = conversationsOn(store);
    state.away = true;
    conversations.append(
      key,
      { subset: "stable" },
      { messages: [{ role: "user", content: "hello" }], at: 0 },
    );
    await conversations.save(key);
    await conversations.refresh(key);
    expect(conversations.find(key)?.messages).toHaveLength(1);
  });

  test("an erasure says that it failed", async () => {
    const { state, store } = fragileStore();
    const conversations = conversationsOn(store);
    state.away = true;
    conversations.append(key, { subset: "stable" }, { messages: [], at: 0 });
    expect(await conversations.eraseUser(key)).toEqual({ kind: "failed" });
    expect(conversations.find(key)).toBeUndefined();
  });

  test("each failure is counted, and told once until the store is back", async () => {
    const lines: string[] = [];
    const log = (message: string, _fields?: LogFields): void => void lines.push(message);
    const logger: Logger = { ...silentLogger, warn: log, info: log };
    const health = new StateHealth(logger);
    const { state, store } = fragileStore();
    const conversations = conversationsOn(store, health);
    state.away = true;
    for (let turn = 0; turn < 3; turn++) {
      await conversations.refresh(key);
      conversations.append(key, { subset: "stable" }, { messages: [], at: 0 });
      await conversations.save(key);
    }
    expect([health.up, health.failures]).toEqual([false, { read: 3, write: 3, erase: 0 }]);
    state.away = false;
    await conversations.refresh(key);
    await conversations.refresh(key);
    expect(health.up).toBe(true);
    expect(lines).toEqual([
      "Conversations and memories cannot be kept, turns go on without them",
      "Conversations and memories are kept again",
    ]);
  });
});

describe("after the store was away", () => {
  const say = async (conversations: Conversations, content: string, at: number): Promise<void> => {
    await conversations.refresh(key);
    conversations.append(key, { subset: "stable" }, { messages: [{ role: "user", content }], at });
    await conversations.save(key);
  };
  const said = (conversations: Conversations): readonly string[] | undefined =>
    conversations.find(key)?.messages.map(({ content }) => content);

  test("what was said meanwhile is remembered, and kept with the next turn", async () => {
    const { state, store } = fragileStore();
    const conversations = conversationsOn(store);
    await say(conversations, "before", 1);
    state.away = true;
    await say(conversations, "meanwhile", 2);
    state.away = false;
    await say(conversations, "afterwards", 3);
    const other = conversationsOn(store);
    await other.refresh(key);
    expect(said(other)).toEqual(["before", "meanwhile", "afterwards"]);
  });

  test("what another runtime has gone on with counts", async () => {
    const { state, store } = fragileStore();
    const [conversations, other] = [conversationsOn(store), conversationsOn(store)];
    await say(conversations, "before", 1);
    state.away = true;
    await say(conversations, "meanwhile", 2);
    state.away = false;
    await say(other, "elsewhere", 3);
    await conversations.refresh(key);
    expect(said(conversations)).toEqual(["before", "elsewhere"]);
  });

  test("what was erased is not remembered", async () => {
    const { state, store } = fragileStore();
    const [conversations, other] = [conversationsOn(store), conversationsOn(store)];
    await say(conversations, "before", 1);
    state.away = true;
    await say(conversations, "meanwhile", 2);
    state.away = false;
    await other.eraseUser(key);
    await conversations.refresh(key);
    expect(said(conversations)).toBeUndefined();
  });

  test("a clock that is behind at another runtime loses nothing where nothing failed", async () => {
    const { store } = fragileStore();
    const [conversations, other] = [conversationsOn(store), conversationsOn(store)];
    await say(conversations, "first", 100);
    await say(other, "second", 98);
    await conversations.refresh(key);
    expect(said(conversations)).toEqual(["first", "second"]);
  });
});

test("without a store, an erasure forgets what this process remembers", async () => {
  const conversations = createConversations(10, undefined);
  conversations.append(key, { subset: "stable" }, { messages: [], at: 0 });
  conversations.append(
    { ...key, userId: "bob", conversationId: "c2" },
    { subset: "stable" },
    { messages: [], at: 0 },
  );
  expect(await conversations.eraseUser(key)).toEqual({ kind: "done", value: 1 });
  expect(conversations.size).toBe(1);
});
