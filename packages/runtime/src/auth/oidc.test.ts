/** A runtime whose users come from a real OpenID provider. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { silentLogger, systemClock } from "@lmos/primitives";
import { createFetchJson } from "@lmos/tokens";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isRuntimeError } from "../errors.ts";
import { type FakeAgent, startFakeAgent } from "../testing/fake-agent.ts";
import { type RealProvider, startRealProvider } from "../testing/real-provider.ts";
import { routingOf } from "../testing/routings.ts";
import {
  messageBody,
  postMessage,
  type RunningRuntime,
  startTestRuntime,
} from "../testing/running-runtime.ts";
import { createOidcAuthenticator } from "./oidc.ts";

const audience = "urn:lmos:runtime";
let provider: RealProvider;
let agent: FakeAgent;
let running: RunningRuntime;

beforeAll(async () => {
  provider = await startRealProvider({ "acme-client": "acme", "globex-client": "globex", stray: "" });
  agent = await startFakeAgent();
  const options = {
    issuer: provider.issuer,
    audiences: [audience],
    clock: systemClock,
    logger: silentLogger,
  };
  running = await startTestRuntime({
    objects: [routingOf([{ name: "agent-0", host: `127.0.0.1:${agent.port}` }])],
    authenticator: await createOidcAuthenticator(options),
  });
});

afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await agent[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
});

const send = async (token: string): Promise<number> => {
  const headers = { authorization: `Bearer ${token}` };
  const response = await postMessage(running, messageBody("hello"), { headers });
  await response.text();
  return response.status;
};

describe("tokens of a real provider", () => {
  test("open their tenant's doors, and no others", async () => {
    expect(await send(await provider.token("acme-client", audience))).toBe(200);
    expect(await send(await provider.token("globex-client", audience))).toBe(403);
  });

  test("for another audience or without a tenant count for nothing", async () => {
    expect(await send(await provider.token("acme-client", "urn:other"))).toBe(401);
    expect(await send(await provider.token("stray", audience))).toBe(401);
  });

  test("reach no agent", async () => {
    const token = await provider.token("acme-client", audience);
    await send(token);
    expect(JSON.stringify(agent.seen)).not.toContain(token);
    expect(JSON.stringify(agent.seen)).toContain('"userId":"acme-client"');
  });

  test("are counted by what came of them", async () => {
    const text = await (await fetch(`${running.managementUrl}/metrics`)).text();
    expect(text).toMatch(/lmos_authentications_total\{outcome="authenticated"\} [1-9]/);
    expect(text).toMatch(/lmos_authentications_total\{outcome="audience"\} [1-9]/);
    expect(text).toMatch(/lmos_authentications_total\{outcome="claims"\} [1-9]/);
  });

  test("count while the provider is away, known ones and new ones", async () => {
    const [known, fresh] = await Promise.all([
      provider.token("acme-client", audience),
      provider.token("acme-client", audience),
    ]);
    expect(await send(known)).toBe(200);
    await provider.stop();
    expect([await send(known), await send(fresh)]).toEqual([200, 200]);
  });
});

describe("before any key is known, while the provider is away", () => {
  test("a turn is answered with 503, and the runtime is up", async () => {
    const authenticator = await createOidcAuthenticator({
      ...{ issuer: "http://127.0.0.1:1", audiences: [audience], clock: systemClock, logger: silentLogger },
    });
    await using alone = await startTestRuntime({ authenticator });
    const token = "eyJhbGciOiJSUzI1NiJ9.e30.c2ln";
    const response = await postMessage(alone, messageBody("hello"), {
      headers: { authorization: `Bearer ${token}` },
    });
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "1"]);
    expect((await fetch(`${alone.managementUrl}/readyz`)).status).toBe(200);
  });
});

test.each([
  { name: "an issuer over plain http", overrides: { issuer: "http://issuer.example" } },
  { name: "an issuer that is no URL", overrides: { issuer: "issuer" } },
  { name: "keys over plain http", overrides: { jwksUrl: "http://issuer.example/keys" } },
  { name: "no audience", overrides: { audiences: [] } },
  { name: "no tenant claim", overrides: { tenantClaim: "" } },
])("$name cannot be started with", async ({ overrides }) => {
  const options = { issuer: "https://i.example", audiences: ["a"], clock: systemClock, logger: silentLogger };
  const failure: unknown = await createOidcAuthenticator({ ...options, ...overrides }).catch(
    (error: unknown) => error,
  );
  expect(isRuntimeError(failure, "InvalidAuthentication")).toBe(true);
});

describe("documents of a provider", () => {
  test.each([
    { name: "a redirect", status: 302, body: "", says: /fetch failed/ },
    { name: "an error", status: 500, body: "secret", says: /answers 500/ },
    { name: "no JSON", status: 200, body: "<html>", says: /JSON/ },
    { name: "more than is read", status: 200, body: "x".repeat(300 * 1024), says: /larger than/ },
  ])("that are $name are refused", async ({ status, body, says }) => {
    const server = createServer((_request, response) => {
      response.writeHead(status, { location: "http://127.0.0.1:1/" }).end(body);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
    const { signal } = new AbortController();
    const failure = await createFetchJson(systemClock)(url, { signal }).catch((error: unknown) =>
      String(error),
    );
    expect(failure).toMatch(says);
    expect(failure).not.toContain("secret");
    server.closeAllConnections();
    server.close();
  });
});
