/**
 * Two tenants with agents of equal names behind one runtime, over its real doors: 50 users send random requests, some of
 * them at the other tenant, some of them given up, to agents that fail now and then and share memory. No message, memory,
 * header or log line may cross.
 */
import { defineAgent, type ServedAgent, serve } from "@lmos/agent";
import type { LogFields, Logger } from "@lmos/primitives";
import { silentLogger } from "@lmos/primitives";
import { SeededRandom } from "@lmos/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createFakeAuthenticator } from "../../packages/runtime/src/testing/fake-authenticator.ts";
import { routingOf } from "../../packages/runtime/src/testing/routings.ts";
import { type RunningRuntime, startTestRuntime } from "../../packages/runtime/src/testing/running-runtime.ts";

const tenants = ["acme", "globex"] as const;
type Tenant = (typeof tenants)[number];
const users = Array.from({ length: 50 }, (_, index) => ({
  name: `user-${index}`,
  tenant: tenants[index % 2] ?? "acme",
  token: `token-of-${index}.x`,
}));
type User = (typeof users)[number];

const other = (tenant: Tenant): Tenant => (tenant === "acme" ? "globex" : "acme");
/** Words that only this user says. */
const marker = ({ name, tenant }: User): string => `<secret of ${name} of ${tenant}>`;

const served = new Map<Tenant, ServedAgent>();
const told = new Map<Tenant, string[]>(tenants.map((tenant) => [tenant, []]));
const lines: string[] = [];
let running: RunningRuntime;

/** Remembers for the user, in all conversations and for all agents of the tenant, what it was told last. */
function helperOf(tenant: Tenant) {
  const capability = { name: "help", version: "1.0.0", description: "Helps", examples: [] };
  return defineAgent({
    name: "helper",
    description: "Helps",
    capabilities: [capability],
    supportedChannels: ["web"],
    respond: async ({ message, messages, memory, userId, turnId, system }) => {
      const place = { term: "long", scope: "tenant" } as const;
      const before = await memory.get("last", place);
      await memory.set("last", message, place);
      const headers = `${system("tenantId")} ${turnId} ${userId}`;
      told.get(tenant)?.push(JSON.stringify([messages, before, headers]));
      if (message.includes("!fail")) throw new Error(`cannot answer ${message}`);
      return `${tenant} heard ${message} after ${JSON.stringify(before?.value ?? null)}`;
    },
  });
}

beforeAll(async () => {
  for (const tenant of tenants) {
    const options = { host: "127.0.0.1", port: 0, logger: silentLogger };
    served.set(tenant, await serve(helperOf(tenant), options));
  }
  const write = (message: string, fields?: LogFields): void =>
    void lines.push(JSON.stringify({ message, ...fields }));
  const logger: Logger = { debug: write, info: write, warn: write, error: write, child: () => logger };
  const tokens = Object.fromEntries(
    users.map(({ name, tenant, token }) => [token, { subject: name, tenant }] as const),
  );
  running = await startTestRuntime({
    objects: tenants.map((tenant) =>
      routingOf([{ name: "helper", host: `127.0.0.1:${served.get(tenant)?.port}` }], { tenant }),
    ),
    authenticator: createFakeAuthenticator(tokens),
    logger,
  });
});

afterAll(async () => {
  await running[Symbol.asyncDispose]();
  for (const agent of served.values()) await agent[Symbol.asyncDispose]();
});

/** One random request of a user; the text of whatever came back. */
async function send(user: User, each: number, random: SeededRandom): Promise<string> {
  const aims = random.next() < 0.2 ? other(user.tenant) : user.tenant;
  const text = `${random.next() < 0.1 ? "!fail " : ""}${marker(user)} ${each}`;
  const conversation = `c${Math.floor(random.next() * 3)}`; // the same ids for everybody
  const headers = {
    authorization: `Bearer ${user.token}`,
    "content-type": "application/json",
    "x-turn-id": `${user.tenant}-${user.name}-${each}`,
    "x-tenant": other(user.tenant),
    "x-subset": other(user.tenant),
    ...(random.next() < 0.5 && { "x-lmos-history": "server" }),
    ...(random.next() < 0.3 && { accept: "text/event-stream" }),
  };
  const body = JSON.stringify({
    inputContext: { messages: [{ role: "user", content: text }], explicitAgent: "helper" },
    systemContext: { channelId: "web", contextParams: [{ key: "tenantId", value: other(user.tenant) }] },
    userContext: { userId: users[Math.floor(random.next() * users.length)]?.name, userToken: user.token },
  });
  const signal = random.next() < 0.1 ? AbortSignal.timeout(3) : null;
  const doors = [
    () =>
      fetch(`${running.url}/apis/v1/${aims}/chat/${conversation}/message`, {
        method: "POST",
        headers,
        body,
        signal,
      }),
    () =>
      fetch(`${running.url}/a2a/${aims}/web`, {
        method: "POST",
        headers,
        body: a2aBody(text, conversation),
        signal,
      }),
    () => fetch(`${running.url}/apis/v1/tenants/${aims}/users/me/memory`, { headers }),
    () => fetch(`${running.url}/apis/v1/agents/${aims}/web`, { headers }),
  ];
  const weights = [0.6, 0.8, 0.9, 1];
  const chance = random.next();
  const door = doors[weights.findIndex((weight) => chance < weight)];
  try {
    const response = await door?.();
    const headerText = JSON.stringify([...(response?.headers ?? [])]);
    return `${headerText} ${await response?.text()}`;
  } catch {
    return ""; // given up
  }
}

function a2aBody(text: string, contextId: string): string {
  const message = { messageId: "m", contextId, role: "user", parts: [{ text }] };
  return JSON.stringify({ jsonrpc: "2.0", id: 1, method: "message/send", params: { message } });
}

const markersIn = (text: string): readonly string[] => text.match(/<secret of [^>]*>/g) ?? [];

describe("two tenants with equal agents", () => {
  const shown: { readonly user: User; readonly text: string }[] = [];

  beforeAll(async () => {
    await Promise.all(
      users.map(async (user, index) => {
        const random = new SeededRandom(index + 1);
        for (let each = 0; each < 20; each++) shown.push({ user, text: await send(user, each, random) });
      }),
    );
  }, 120_000);

  test("show a user nothing that another one said, and nothing of the other tenant", () => {
    for (const { user, text } of shown) {
      expect(markersIn(text).filter((each) => each !== marker(user))).toEqual([]);
      expect(text).not.toContain(`${other(user.tenant)} heard`);
      expect(text).not.toContain(`:${served.get(other(user.tenant))?.port}"`);
    }
    expect(shown.filter(({ user, text }) => text.includes(marker(user))).length).toBeGreaterThan(400);
  });

  test("remember for each user alone: what was said before is the user's own", () => {
    const recalled = shown.filter(({ text }) => markersIn(text).length > 1);
    expect(recalled.length).toBeGreaterThan(200);
  });

  test("tell an agent nothing of the other tenant, and no token", () => {
    for (const tenant of tenants) {
      const all = told.get(tenant)?.join("\n") ?? "";
      expect(all).toContain(`of ${tenant}>`);
      expect(all).not.toContain(`of ${other(tenant)}>`);
      expect(all).not.toContain(`${other(tenant)} ${other(tenant)}`);
      expect(all).not.toContain("token-of-");
    }
  });

  test("log each turn under its own tenant, without a word of it", () => {
    const ended = lines.filter((line) => line.includes('"A turn ended"'));
    expect(ended.length).toBeGreaterThan(400);
    for (const line of lines) {
      expect(line).not.toMatch(/secret of|token-of-/);
      for (const tenant of tenants) {
        if (line.includes(`"tenant":"${tenant}"`)) expect(line).not.toContain(`"${other(tenant)}`);
      }
    }
  });
});
