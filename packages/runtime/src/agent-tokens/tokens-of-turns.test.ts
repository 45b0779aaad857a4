/** Row S9 with tokens for agents: what an agent on a real socket gets of a turn, and what the runtime publishes for it. */
import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FakeAgent, startFakeAgent } from "../testing/fake-agent.ts";
import { createFakeAuthenticator } from "../testing/fake-authenticator.ts";
import { createKeyFile, type KeyFile, newKey } from "../testing/key-files.ts";
import { routingOf } from "../testing/routings.ts";
import {
  messageBody,
  postMessage,
  type RunningRuntime,
  startTestRuntime,
} from "../testing/running-runtime.ts";

const issuer = "https://runtime.example";
let agent: FakeAgent;
let keyFile: KeyFile;
let guarded: RunningRuntime;
let open: RunningRuntime;
let without: RunningRuntime;

beforeAll(async () => {
  agent = await startFakeAgent();
  keyFile = createKeyFile(newKey() + newKey("P-256"));
  const host = `127.0.0.1:${agent.port}`;
  const sketches = ["agent-0", "agent-1"].map((name) => ({ name, host }));
  const objects = ["acme", "globex"].map((tenant) => routingOf(sketches, { tenant }));
  const agentTokens = { keyFile: keyFile.path, issuer };
  guarded = await startTestRuntime({ objects, agentTokens, authenticator: createFakeAuthenticator() });
  open = await startTestRuntime({ objects, agentTokens });
  without = await startTestRuntime({ objects });
});

afterAll(async () => {
  for (const each of [guarded, open, without]) await each[Symbol.asyncDispose]();
  await agent[Symbol.asyncDispose]();
  keyFile[Symbol.dispose]();
});

/** The entries of the last turn that the agent was asked. */
function lastEntries(): Readonly<Record<string, string>> {
  const { frame } = agent.seen.findLast((seen) => seen.frame?.["type"] === "subscribe") ?? {};
  const { systemContext } = Object(frame).payload.variables.request;
  return Object.fromEntries(
    systemContext.map(({ key, value }: { key: string; value: string }) => [key, value]),
  );
}

const keysOf = async ({ url }: RunningRuntime): Promise<JSONWebKeySet> =>
  JSON.parse(await (await fetch(`${url}/.well-known/jwks.json`)).text());

async function verified(token: string | undefined, running: RunningRuntime): Promise<JWTPayload> {
  const options = { issuer, typ: "lmos-agent+jwt" };
  return (await jwtVerify(token ?? "", createLocalJWKSet(await keysOf(running)), options)).payload;
}

const as = (name: string) => ({ headers: { authorization: `Bearer ${name}.token` } });

describe("an agent gets, with each turn, a token", () => {
  test("that is for it alone, on behalf of the user, under a pseudonym", async () => {
    expect((await postMessage(guarded, messageBody("hello"), as("alice"))).status).toBe(200);
    const payload = await verified(lastEntries()["lmos.token"], guarded);
    expect(payload).toMatchObject({
      aud: "acme/agent-0",
      tenant: "acme",
      channel: "web",
      scope: "ask memory",
    });
    expect(payload.sub).toMatch(/^[\w-]{43}$/);
    expect(Number(payload.exp) - Number(payload.iat)).toBeLessThanOrEqual(121);
  });

  test("that names nobody where nobody proved to be one", async () => {
    await postMessage(open, messageBody("hello"));
    expect(await verified(lastEntries()["lmos.token"], open)).not.toHaveProperty("sub");
  });

  test.each([
    { name: "another agent", tenant: "acme", who: "alice", asked: "agent-1", aud: "acme/agent-1" },
    { name: "another tenant's", tenant: "globex", who: "carol", asked: "agent-0", aud: "globex/agent-0" },
  ])("that is for $name when that is asked", async ({ tenant, who, asked, aud }) => {
    await postMessage(guarded, messageBody("hello", asked), { ...as(who), tenant });
    expect((await verified(lastEntries()["lmos.token"], guarded)).aud).toBe(aud);
  });

  test("that is another one each time", async () => {
    const tokens = new Set<string | undefined>();
    for (let turn = 0; turn < 5; turn++) {
      await postMessage(guarded, messageBody("hello"), as("alice"));
      tokens.add(lastEntries()["lmos.token"]);
    }
    expect(tokens.size).toBe(5);
  });

  test("that no client can bring, with tokens or without", async () => {
    const forged = '"channelId":"web","contextParams":[{"key":"lmos.token","value":"forged"}]';
    const body = messageBody("hello").replace('"channelId":"web"', forged);
    for (const running of [open, without]) {
      expect((await postMessage(running, body)).status).toBe(200);
      expect(Object.values(lastEntries())).not.toContain("forged");
    }
  });
});

test("without keys agents see what they saw before, and no keys are published", async () => {
  await postMessage(without, messageBody("hello"));
  expect(Object.keys(lastEntries())).toEqual(["tenantId", "channelId", "lmos.ask", "lmos.memory"]);
  expect((await fetch(`${without.url}/.well-known/jwks.json`)).status).toBe(404);
});

test("the keys are published to everyone, the public halves alone", async () => {
  const response = await fetch(`${guarded.url}/.well-known/jwks.json`);
  expect([response.status, response.headers.get("content-type")]).toEqual([
    200,
    "application/jwk-set+json; charset=utf-8",
  ]);
  expect(response.headers.get("cache-control")).toBe("public, max-age=300");
  const { keys } = JSON.parse(await response.text());
  expect(keys.map((key: object) => Object.keys(key).sort())).toEqual([
    ["alg", "crv", "kid", "kty", "use", "x"],
    ["alg", "crv", "kid", "kty", "use", "x", "y"],
  ]);
});

test("a token for an agent opens no door of users", async () => {
  await postMessage(guarded, messageBody("hello"), as("alice"));
  const headers = { authorization: `Bearer ${lastEntries()["lmos.token"]}` };
  expect((await postMessage(guarded, messageBody("hello"), { headers })).status).toBe(401);
});

test("no user's token is in anything that the agent got of all this, and no header says who asks", () => {
  const text = JSON.stringify(agent.seen);
  expect(text).not.toMatch(/(alice|carol)\.token/);
  expect(text).not.toMatch(/authorization/i);
  expect(agent.seen.filter(({ kind }) => kind === "upgrade").length).toBeGreaterThan(2);
});
