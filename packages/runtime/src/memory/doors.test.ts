/** The doors to memory, for agents at work, for users and for operators, over one server. */
import { silentLogger } from "@lmos/primitives";
import { FakeClock, SequentialIds } from "@lmos/testing";
import type { FastifyInstance } from "fastify";
import { describe, expect, onTestFinished, test } from "vitest";
import { guardAccess } from "../auth/access.ts";
import type { Authenticator } from "../auth/identity.ts";
import type { ToldWork } from "../collaboration/agent-work.ts";
import { Asks } from "../collaboration/asks.ts";
import { OpenQuestions } from "../collaboration/open-questions.ts";
import { createHttpServer } from "../http/server.ts";
import { routedAgentsOf } from "../routing/snapshot.ts";
import { createInProcessConversations } from "../state/in-process-conversations.ts";
import { createInProcessMemories } from "../state/in-process-memories.ts";
import type { RuntimeState } from "../state/open-state.ts";
import { createFakeAuthenticator } from "../testing/fake-authenticator.ts";
import { routingOf } from "../testing/routings.ts";
import { turnOf } from "../testing/turns.ts";
import type { Turn } from "../turn/turn.ts";
import { createKeptState } from "./kept-state.ts";
import { openMemoryDoor } from "./memory-door.ts";
import { maxEntries } from "./memory-rules.ts";
import { openOwnStateDoor, openUsersDoor } from "./user-doors.ts";

const agents = routedAgentsOf(routingOf(["billing", "orders"].map((name) => ({ name, host: `${name}:1` }))));

interface Options {
  readonly authenticator?: Authenticator;
  readonly away?: boolean;
  readonly needsToken?: boolean;
}

function setUp({ authenticator, away = false, needsToken }: Options = {}) {
  const clock = new FakeClock();
  const memories = createInProcessMemories({ clock });
  const fail = (): Promise<never> => Promise.reject(new Error("away"));
  const broken = {
    ...memories,
    read: fail,
    list: fail,
    write: fail,
    remove: fail,
    eraseUser: fail,
    listUser: fail,
  };
  const state: RuntimeState = {
    conversations: createInProcessConversations({ clock }),
    memories: away ? { ...broken, audit: fail } : memories,
    secret: "s",
    [Symbol.dispose]: () => undefined,
  };
  const kept = createKeptState({ state, maxConversations: 10, clock, logger: silentLogger });
  const asks = new Asks(new SequentialIds(), { needsToken });
  asks.serveAt("");
  const app = createHttpServer({ logger: silentLogger, ids: new SequentialIds() });
  guardAccess(app, { authenticator, onAuthentication: () => undefined });
  openMemoryDoor(app, { asks, memories: kept.memories });
  openOwnStateDoor(app, "/apis/v1", kept.users);
  if (authenticator === undefined) openUsersDoor(app, kept.users);
  onTestFinished(() => app.close());
  /** The address of an agent at a turn. */
  const at = (agent: string, turn: Partial<Turn> = {}, capability?: string): string => {
    const waiting = agents.filter(({ name }) => name === agent);
    const work = { turn: turnOf(turn) } as Partial<ToldWork> as ToldWork;
    return (
      asks.issue({ work, waiting, capability, deadline: 0, questions: new OpenQuestions() })?.memoryUrl ?? ""
    );
  };
  return { app, clock, asks, at, kept };
}

async function call(
  app: FastifyInstance,
  method: "GET" | "PUT" | "DELETE",
  url: string,
  payload?: unknown,
  headers = {},
) {
  const response = await app.inject({
    method,
    url,
    headers: { ...headers, ...(payload !== undefined && { "content-type": "application/json" }) },
    ...(payload !== undefined && { payload: JSON.stringify(payload) }),
  });
  const { statusCode: status, body } = response;
  return { status, body: body === "" ? undefined : JSON.parse(body) };
}

describe("an agent at work", () => {
  test("reads what it has written, with who wrote it and until when it counts", async () => {
    const { app, at } = setUp();
    const address = `${at("billing", {}, "view-invoice")}/short/agent/language`;
    const document = {
      key: "language",
      value: "de",
      writtenBy: {
        agent: "billing",
        capability: "view-invoice",
        turnId: "t1",
        at: "2026-01-01T00:00:00.000Z",
      },
      expiresAt: "2026-01-01T06:00:00.000Z",
    };
    expect(await call(app, "PUT", address, { value: "de" })).toEqual({ status: 200, body: document });
    expect(await call(app, "GET", address)).toEqual({ status: 200, body: document });
  });

  test.each([
    { term: "short", ttlSeconds: undefined, hours: 6 },
    { term: "short", ttlSeconds: 3600, hours: 1 },
    { term: "short", ttlSeconds: 180 * 24 * 3600, hours: 30 * 24 },
    { term: "long", ttlSeconds: undefined, hours: 180 * 24 },
  ])("remembers $term for $hours hours when asked for $ttlSeconds s", async ({ term, ttlSeconds, hours }) => {
    const { app, at, clock } = setUp();
    const address = `${at("billing")}/${term}/agent/k`;
    await call(app, "PUT", address, { value: 1, ttlSeconds });
    await clock.advance(hours * 3_600_000 - 1);
    expect((await call(app, "GET", address)).status).toBe(200);
    await clock.advance(1);
    expect((await call(app, "GET", address)).status).toBe(404);
  });

  const rows: readonly {
    readonly name: string;
    readonly place: string;
    readonly reader: string;
    readonly turn: Partial<Turn>;
    readonly sees: boolean;
  }[] = [
    { name: "another agent, its own", place: "short/agent", reader: "orders", turn: {}, sees: false },
    { name: "another agent, the channel's", place: "short/channel", reader: "orders", turn: {}, sees: true },
    { name: "another agent, the tenant's", place: "short/tenant", reader: "orders", turn: {}, sees: true },
    {
      name: "the same agent in another conversation, short",
      place: "short/tenant",
      reader: "billing",
      turn: { conversationId: "c2" },
      sees: false,
    },
    {
      name: "the same agent in another conversation, long",
      place: "long/tenant",
      reader: "billing",
      turn: { conversationId: "c2" },
      sees: true,
    },
    {
      name: "another channel, the channel's",
      place: "long/channel",
      reader: "billing",
      turn: { channel: "voice", conversationId: "c2" },
      sees: false,
    },
    {
      name: "another channel, the tenant's",
      place: "long/tenant",
      reader: "orders",
      turn: { channel: "voice", conversationId: "c2" },
      sees: true,
    },
    { name: "another user", place: "long/tenant", reader: "billing", turn: { userId: "u2" }, sees: false },
    {
      name: "another tenant",
      place: "long/tenant",
      reader: "billing",
      turn: { tenant: "globex" },
      sees: false,
    },
    {
      name: "one who proved to be the user",
      place: "long/tenant",
      reader: "billing",
      turn: { owner: { issuer: "i", subject: "u1", tenant: "acme" } },
      sees: false,
    },
  ];
  test.each(rows)("shares with $name: $sees", async ({ place, reader, turn, sees }) => {
    const { app, at } = setUp();
    await call(app, "PUT", `${at("billing")}/${place}/k`, { value: "x" });
    const seen = await call(app, "GET", `${at(reader, turn)}/${place}/k`);
    expect(seen.status).toBe(sees ? 200 : 404);
    const [term, scope] = place.split("/");
    const listed = await call(app, "GET", `${at(reader, turn)}?term=${term}&scope=${scope}`);
    expect(listed.body.entries).toHaveLength(sees ? 1 : 0);
  });

  test("deletes, once", async () => {
    const { app, at } = setUp();
    const address = `${at("billing")}/short/channel/k`;
    await call(app, "PUT", address, { value: 1 });
    expect([
      (await call(app, "DELETE", address)).status,
      (await call(app, "DELETE", address)).status,
    ]).toEqual([204, 404]);
  });

  test("whose work is over reaches nothing", async () => {
    const { app, asks } = setUp();
    const work = { turn: turnOf() } as Partial<ToldWork> as ToldWork;
    const ticket = asks.issue({
      work,
      waiting: agents.slice(0, 1),
      capability: undefined,
      deadline: 0,
      questions: new OpenQuestions(),
    });
    const address = ticket?.memoryUrl ?? "";
    await call(app, "PUT", `${address}/short/agent/k`, { value: 1 });
    ticket?.[Symbol.dispose]();
    for (const answer of [
      await call(app, "GET", `${address}/short/agent/k`),
      await call(app, "GET", `${address}?term=short&scope=agent`),
      await call(app, "PUT", `${address}/short/agent/k`, { value: 2 }),
      await call(app, "DELETE", `${address}/short/agent/k`),
    ]) {
      expect(answer).toMatchObject({ status: 404, body: { code: "no_ticket" } });
    }
  });

  test.each([
    { name: "its token", shown: { authorization: "Bearer t1" }, status: 200, code: undefined },
    {
      name: "that of another operation",
      shown: { authorization: "Bearer t2" },
      status: 401,
      code: "unauthorized",
    },
    { name: "no token", shown: {}, status: 401, code: "unauthorized" },
  ])("whose turn came with a token gets $status when it shows $name, wherever it has to", async (row) => {
    const { app, asks } = setUp({ needsToken: true });
    const work = { turn: turnOf() } as Partial<ToldWork> as ToldWork;
    const asker = { waiting: agents.slice(0, 1), capability: undefined, deadline: 0, token: "t1" };
    const address = asks.issue({ work, ...asker, questions: new OpenQuestions() })?.memoryUrl ?? "";
    const place = `${address}/short/agent/k`;
    await call(app, "PUT", place, { value: 1 }, { authorization: "Bearer t1" });
    for (const answer of [
      await call(app, "GET", place, undefined, row.shown),
      await call(app, "GET", `${address}?term=short&scope=agent`, undefined, row.shown),
      await call(app, "PUT", place, { value: 2 }, row.shown),
    ]) {
      expect([answer.status, answer.body?.code]).toEqual([row.status, row.code]);
    }
    const removed = await call(app, "DELETE", place, undefined, row.shown);
    expect(removed.status).toBe(row.status === 200 ? 204 : 401);
  });

  test.each([
    { name: "a term that is none", path: "/forever/agent/k" },
    { name: "a scope that is none", path: "/short/world/k" },
    { name: "a key that is none", path: "/short/agent/a%20b" },
    { name: "a key that climbs", path: "/short/agent/..%2F..%2Fx" },
  ])("is told of $name", async ({ path }) => {
    const { app, at } = setUp();
    expect(await call(app, "PUT", at("billing") + path, { value: 1 })).toMatchObject({
      status: 400,
      body: { code: "invalid_request" },
    });
  });

  test.each([
    { name: "no value", body: {} },
    { name: "a value that is too long", body: { value: "x".repeat(10_000) } },
    { name: "a forged author", body: { value: 1, writtenBy: { agent: "orders" } } },
  ])("is told of $name", async ({ body }) => {
    const { app, at } = setUp();
    expect((await call(app, "PUT", `${at("billing")}/short/agent/k`, body)).status).toBe(400);
  });

  test.each(["", "anonymous"])("remembers nothing long for a user called %j", async (userId) => {
    const { app, at } = setUp();
    const address = at("billing", { userId });
    expect(await call(app, "PUT", `${address}/long/agent/k`, { value: 1 })).toMatchObject({
      status: 409,
      body: { code: "no_user" },
    });
    expect((await call(app, "PUT", `${address}/short/agent/k`, { value: 1 })).status).toBe(200);
    const other = at("billing", { userId, conversationId: "c2" });
    expect((await call(app, "GET", `${other}/short/agent/k`)).status).toBe(404);
  });

  test("is told when the user has as many values as it may have", async () => {
    const { app, at } = setUp();
    const address = at("billing");
    for (let each = 0; each < maxEntries; each++) {
      await call(app, "PUT", `${address}/short/agent/k${each}`, { value: 1 });
    }
    expect(await call(app, "PUT", `${address}/long/agent/more`, { value: 1 })).toMatchObject({
      status: 409,
      body: { code: "memory_full" },
    });
  });

  test("is told when memory is away", async () => {
    const { app, at } = setUp({ away: true });
    const address = `${at("billing")}/short/agent/k`;
    for (const answer of [
      await call(app, "GET", address),
      await call(app, "PUT", address, { value: 1 }),
      await call(app, "DELETE", address),
      await call(app, "GET", `${at("billing")}?term=short&scope=agent`),
    ]) {
      expect(answer).toMatchObject({ status: 503, body: { code: "state_unavailable" } });
    }
  });

  test("needs no token of a user, where users need one", async () => {
    const { app, at } = setUp({ authenticator: createFakeAuthenticator() });
    expect((await call(app, "PUT", `${at("billing")}/short/agent/k`, { value: 1 })).status).toBe(200);
  });
});

describe("operators", () => {
  test("see all that is remembered of a user, and who did what", async () => {
    const { app, at } = setUp();
    await call(app, "PUT", `${at("billing")}/long/tenant/city`, { value: "Bonn" });
    await call(app, "PUT", `${at("orders", { turnId: "t2" })}/short/channel/order`, { value: 7 });
    await call(app, "DELETE", `${at("orders", { turnId: "t3" })}/short/channel/order`);
    expect((await call(app, "GET", "/users/acme/u1/memory")).body).toMatchObject({
      entries: [
        { term: "long", visibility: "tenant", key: "city", value: "Bonn", writtenBy: { agent: "billing" } },
      ],
    });
    const now = "2026-01-01T00:00:00.000Z";
    expect((await call(app, "GET", "/users/acme/u1/audit")).body).toEqual({
      entries: [
        { action: "write", by: "agent billing", turnId: "t1", visibility: "tenant", name: "city", at: now },
        {
          action: "write",
          by: "agent orders",
          turnId: "t2",
          visibility: "channel/web",
          name: "order",
          at: now,
        },
        {
          action: "delete",
          by: "agent orders",
          turnId: "t3",
          visibility: "channel/web",
          name: "order",
          at: now,
        },
      ],
    });
  });

  test("erase a user, with a report, and spare all others", async () => {
    const { app, at, kept } = setUp();
    const owner = { issuer: "https://i", subject: "u1", tenant: "acme" };
    await call(app, "PUT", `${at("billing")}/long/tenant/city`, { value: "Bonn" });
    await call(app, "PUT", `${at("billing")}/short/agent/k`, { value: 1 });
    await call(app, "PUT", `${at("billing", { userId: "u2" })}/long/tenant/city`, { value: "Rome" });
    await call(app, "PUT", `${at("billing", { owner })}/long/tenant/city`, { value: "Oslo" });
    for (const turn of [
      turnOf(),
      turnOf({ conversationId: "c2" }),
      turnOf({ userId: "u2", conversationId: "c3" }),
    ]) {
      kept.conversations.append(turn, { subset: "stable" }, { messages: [], at: 0 });
      await kept.conversations.save(turn);
    }
    expect(await call(app, "DELETE", "/users/acme/u1")).toEqual({
      status: 200,
      body: { erased: { conversations: 2, memories: 2 } },
    });
    const left = async (path: string) => (await call(app, "GET", path)).body.entries.length;
    expect([await left("/users/acme/u1/memory"), await left("/users/acme/u2/memory")]).toEqual([0, 1]);
    expect(await left("/users/acme/u1/memory?issuer=https://i")).toBe(1);
    expect((await call(app, "GET", "/users/acme/u1/audit")).body.entries.at(-1)).toMatchObject({
      action: "erase",
      by: "operator",
    });
    expect(await call(app, "DELETE", "/users/acme/u1")).toMatchObject({
      body: { erased: { conversations: 0, memories: 0 } },
    });
  });

  test.each(["?issuer=", "?issuer=a&issuer=b"])(
    "are told of %s, which is no issuer, and nothing is erased",
    async (query) => {
      const { app, at } = setUp();
      await call(app, "PUT", `${at("billing")}/long/tenant/city`, { value: "Bonn" });
      for (const [method, path] of [
        ["GET", "/users/acme/u1/memory"],
        ["GET", "/users/acme/u1/audit"],
        ["DELETE", "/users/acme/u1"],
      ] as const) {
        expect(await call(app, method, `${path}${query}`)).toMatchObject({
          status: 400,
          body: { code: "invalid_request", detail: expect.stringContaining("name one issuer") },
        });
      }
      expect((await call(app, "GET", "/users/acme/u1/memory")).body.entries).toHaveLength(1);
    },
  );

  test("are told when what is kept is away", async () => {
    const { app } = setUp({ away: true });
    for (const [method, path] of [
      ["GET", "/users/acme/u1/memory"],
      ["GET", "/users/acme/u1/audit"],
      ["DELETE", "/users/acme/u1"],
    ] as const) {
      expect(await call(app, method, path)).toMatchObject({
        status: 503,
        body: { code: "state_unavailable" },
      });
    }
  });
});

describe("a user who has proved who it is", () => {
  const me = "/apis/v1/tenants/acme/users/me";
  const as = (name: string) => ({ authorization: `Bearer ${name}.token` });
  const owned = (subject: string): Partial<Turn> => ({
    owner: { issuer: "https://issuer.example", subject, tenant: "acme" },
    userId: subject,
  });

  test("sees and erases its own, and nobody else's", async () => {
    const { app, at } = setUp({ authenticator: createFakeAuthenticator() });
    for (const name of ["alice", "bob"]) {
      await call(app, "PUT", `${at("billing", owned(name))}/long/tenant/word`, { value: `of ${name}` });
    }
    const mine = await call(app, "GET", `${me}/memory`, undefined, as("alice"));
    expect(mine.body.entries).toMatchObject([{ key: "word", value: "of alice" }]);
    expect(await call(app, "DELETE", me, undefined, as("alice"))).toEqual({
      status: 200,
      body: { erased: { conversations: 0, memories: 1 } },
    });
    expect((await call(app, "GET", `${me}/memory`, undefined, as("alice"))).body.entries).toEqual([]);
    expect((await call(app, "GET", `${me}/memory`, undefined, as("bob"))).body.entries).toHaveLength(1);
  });

  test("needs its token, and that of the tenant", async () => {
    const { app } = setUp({ authenticator: createFakeAuthenticator() });
    for (const [method, path] of [
      ["GET", `${me}/memory`],
      ["DELETE", me],
    ] as const) {
      expect((await call(app, method, path)).status).toBe(401);
      expect((await call(app, method, path, undefined, as("carol"))).status).toBe(403);
    }
  });

  test("is nobody where users don't have to prove who they are", async () => {
    const { app } = setUp();
    expect(await call(app, "GET", `${me}/memory`)).toMatchObject({
      status: 403,
      body: { code: "forbidden" },
    });
    expect((await call(app, "DELETE", me)).status).toBe(403);
  });
});
