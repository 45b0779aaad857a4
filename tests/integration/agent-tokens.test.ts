/** Row S9 with the runtime and agents of the SDK: each agent asks for tokens, and each has those that are for it alone. */
import { defineAgent, type ServedAgent, serve, type TokenOptions, type TurnContext } from "@lmos/agent";
import { silentLogger } from "@lmos/primitives";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { createFakeAuthenticator } from "../../packages/runtime/src/testing/fake-authenticator.ts";
import { createKeyFile, type KeyFile, newKey } from "../../packages/runtime/src/testing/key-files.ts";
import { routingOf } from "../../packages/runtime/src/testing/routings.ts";
import {
  messageBody,
  postMessage,
  type RunningRuntime,
  startTestRuntime,
} from "../../packages/runtime/src/testing/running-runtime.ts";

const issuer = "https://runtime.example";
const served: ServedAgent[] = [];
const seen: { readonly agent: string; readonly claims: TurnContext["claims"] }[] = [];
let keyFile: KeyFile;
let running: RunningRuntime;

type Respond = (context: TurnContext) => Promise<string | { content: string; status: string }>;

async function serveAgent(name: string, audience: string, respond: Respond): Promise<string> {
  const capability = { name, version: "1.0.0", description: name, examples: [] };
  const profile = { name, description: name, capabilities: [capability], supportedChannels: ["web"] };
  const noted: Respond = (context) => {
    seen.push({ agent: name, claims: context.claims });
    return respond(context);
  };
  const tokens: TokenOptions = { issuer, audience, keys: keysOf(running) };
  const options = { host: "127.0.0.1", port: 0, logger: silentLogger, tokens };
  const agent = await serve(defineAgent({ ...profile, respond: noted }), options);
  served.push(agent);
  return `127.0.0.1:${agent.port}`;
}

const keysOf = ({ url }: RunningRuntime): string => `${url}/.well-known/jwks.json`;

beforeAll(async () => {
  keyFile = createKeyFile(newKey("P-256"));
  running = await startTestRuntime({
    agentTokens: { keyFile: keyFile.path, issuer, required: true },
    authenticator: createFakeAuthenticator(),
  });
  const travel = await serveAgent("travel", "acme/travel", async ({ ask, memory, message }) => {
    if (message === "over to the weather") return { content: "", status: "AGENT_HANDOVER[weather]" };
    await memory.set("city", "Bonn");
    return `It is ${await ask("weather", "how is it?")} there.`;
  });
  const weather = await serveAgent("weather", "*/weather", async ({ memory }) => {
    const city = await memory.get("city");
    return `fine in ${city?.value ?? "no city"}`;
  });
  const sketches = [
    { name: "travel", host: travel, capability: "travel" },
    { name: "weather", host: weather, capability: "weather" },
    { name: "impostor", host: travel, capability: "impostor" },
  ];
  for (const tenant of ["acme", "globex"]) running.client.put(routingOf(sketches, { tenant }));
  const isRouted = async (): Promise<void> => {
    expect((await say("alice", "hello", "weather")).status).toBe(200);
    expect((await say("carol", "hello", "weather", "globex")).status).toBe(200);
  };
  await vi.waitFor(isRouted, { timeout: 10_000 });
  seen.length = 0;
});

afterAll(async () => {
  await running[Symbol.asyncDispose]();
  for (const agent of served) await agent[Symbol.asyncDispose]();
  keyFile[Symbol.dispose]();
});

async function say(who: string, text: string, agent: string, tenant = "acme") {
  const headers = { authorization: `Bearer ${who}.token` };
  const response = await postMessage(running, messageBody(text, agent), { headers, tenant });
  const { content } = z.object({ content: z.string().optional() }).parse(await response.json());
  return { status: response.status, content };
}

/** Who was asked since the last look, with what. */
function lastSeen() {
  return seen
    .splice(0)
    .map(({ agent, claims }) => ({ agent, audience: claims?.audience, subject: claims?.subject }));
}

describe("S9 agents that ask for tokens", () => {
  test("work together: who is asked by another has its own token, for the same user", async () => {
    expect(await say("alice", "where to?", "travel")).toEqual({
      status: 200,
      content: "It is fine in Bonn there.",
    });
    const [first, second, ...others] = lastSeen();
    expect([first?.audience, second?.audience, others]).toEqual(["acme/travel", "acme/weather", []]);
    expect(first?.subject).toMatch(/^[\w-]{43}$/);
    expect(second?.subject).toBe(first?.subject);
  });

  test("hand over: who goes on has its own token", async () => {
    expect(await say("alice", "over to the weather", "travel")).toMatchObject({ status: 200 });
    expect(lastSeen().map(({ audience }) => audience)).toEqual(["acme/travel", "acme/weather"]);
  });

  test("tell users apart, and never by name", async () => {
    await say("alice", "hello", "weather");
    await say("bob", "hello", "weather");
    await say("alice", "hello", "weather");
    const subjects = lastSeen().map(({ subject }) => subject);
    expect(subjects[2]).toBe(subjects[0]);
    expect(subjects[1]).not.toBe(subjects[0]);
    expect(JSON.stringify(subjects)).not.toMatch(/alice|bob/);
  });

  test("serve several tenants where they ask for that, and else their own alone", async () => {
    expect((await say("carol", "hello", "weather", "globex")).status).toBe(200);
    expect(lastSeen().map(({ audience }) => audience)).toEqual(["globex/weather"]);
    expect((await say("carol", "hello", "travel", "globex")).status).toBe(500);
    expect(lastSeen()).toEqual([]);
  });

  test("refuse a turn that came to them under another agent's name", async () => {
    expect((await say("alice", "hello", "impostor")).status).toBe(500);
    expect(lastSeen()).toEqual([]);
  });
});
