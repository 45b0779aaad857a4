import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningService, startService } from "../testing/running-service.ts";

let service: RunningService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service[Symbol.asyncDispose]());

function question(userMessage: string, more: object = {}) {
  return {
    inputContext: { userMessage, historyMessages: [], metadata: {}, ...more },
    systemContext: { tenantId: "acme", channelId: "web", subset: "stable" },
  };
}

describe("POST /api/v1/routings/vector", () => {
  it("names the agent, the candidates with their capabilities, and the reason", async () => {
    const { status, body } = await service.send(
      "POST",
      "/api/v1/routings/vector",
      question("where is my parcel?"),
    );
    expect(status).toBe(200);
    expect(body).toEqual({
      classifiedAgents: [{ id: "parcels", name: "parcels-agent", address: "http://parcels:8080" }],
      candidateAgents: [
        expect.objectContaining({
          id: "parcels",
          capabilities: [expect.objectContaining({ id: "parcels-id", description: "Finds parcels." })],
        }),
        expect.objectContaining({ id: "billing" }),
      ],
      reason: expect.stringMatching(
        /^parcels is the likeliest agent \(\d+ %, by examples, for parcels-id\)\.$/,
      ),
    });
  });

  it("classifies nothing for what is none of theirs, but tells the candidates", async () => {
    const { body } = await service.send(
      "POST",
      "/api/v1/routings/vector",
      question("what is the capital of France?"),
    );
    expect(body).toMatchObject({
      classifiedAgents: [],
      reason: expect.stringContaining("resembles nothing"),
    });
  });

  it("takes what Jackson writes as null", async () => {
    const body = {
      inputContext: { userMessage: "where is my parcel?", historyMessages: null, metadata: null },
      systemContext: { tenantId: "acme", channelId: "web", subset: null },
    };
    expect((await service.send("POST", "/api/v1/routings/vector", body)).status).toBe(200);
  });

  it.each([
    {
      name: "no message",
      body: { inputContext: {}, systemContext: { tenantId: "a", channelId: "b" } },
      says: "inputContext.userMessage",
    },
    {
      name: "no channel",
      body: { inputContext: { userMessage: "x" }, systemContext: { tenantId: "a" } },
      says: "systemContext.channelId",
    },
    {
      name: "a role that is none",
      body: question("x", { historyMessages: [{ role: "SYSTEM", content: "x" }] }),
      says: "historyMessages.0.role",
    },
    { name: "a list", body: [], says: "" },
  ])("names what is wrong with $name", async ({ body, says }) => {
    const answer = await service.send("POST", "/api/v1/routings/vector", body);
    expect(answer).toMatchObject({
      status: 400,
      body: { error: "INVALID_REQUEST", message: expect.stringContaining(says) },
    });
  });

  it("says that nobody knows the channel", async () => {
    const body = { ...question("x"), systemContext: { tenantId: "acme", channelId: "ivr" } };
    expect(await service.send("POST", "/api/v1/routings/vector", body)).toMatchObject({
      status: 404,
      body: { error: "UNKNOWN_CHANNEL", message: expect.stringContaining("channel ivr") },
    });
  });
});

describe.each(["llm", "hybrid-fast-track"])("POST /api/v1/routings/%s without a language model", (path) => {
  it("says how to give it one", async () => {
    expect(await service.send("POST", `/api/v1/routings/${path}`, question("x"))).toMatchObject({
      status: 501,
      body: { error: "MODEL_NOT_CONFIGURED", message: expect.stringContaining("--llm-base-url") },
    });
  });
});

describe("POST /api/v1/routings/vector/plain", () => {
  it("tells the nearest examples with their scores", async () => {
    const { body } = await service.send(
      "POST",
      "/api/v1/routings/vector/plain",
      question("where is my parcel"),
    );
    expect(body).toMatchObject([
      { example: "where is my parcel", agentId: "parcels", capabilityId: "parcels-id" },
      {},
      {},
      {},
      {},
      {},
      {},
      {},
      {},
      {},
    ]);
  });
});

describe("/api/v1/embeddings", () => {
  it("takes agents in, replaces them by id, and forgets them", async () => {
    const path = "/api/v1/embeddings?tenant=acme&channel=ivr";
    const document = {
      id: "music",
      capabilityGroups: [
        {
          id: "songs",
          name: "songs",
          capabilities: [{ id: "sing", description: "Sings", examples: ["sing a song", "play music"] }],
        },
        {
          id: "news",
          name: "news",
          capabilities: [
            { id: "read", description: "Reads news", examples: ["read the news", "what happened today"] },
          ],
        },
      ],
    };
    const body = { ...question("sing a song"), systemContext: { tenantId: "acme", channelId: "ivr" } };
    expect((await service.send("POST", path, document)).status).toBe(204);
    expect((await service.send("POST", path, document)).status).toBe(204);
    expect((await service.send("POST", "/api/v1/routings/vector", body)).body).toMatchObject({
      candidateAgents: [{ id: "songs" }, { id: "news" }],
    });
    expect((await service.send("DELETE", path)).status).toBe(204);
    expect((await service.send("POST", "/api/v1/routings/vector", body)).status).toBe(404);
  });

  it.each([
    { name: "no channel", path: "/api/v1/embeddings?tenant=acme", says: "channel" },
    { name: "no agents", path: "/api/v1/embeddings?tenant=a&channel=b", says: "capabilityGroups" },
  ])("names what is wrong with $name", async ({ path, says }) => {
    expect(await service.send("POST", path, { id: "x" })).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining(says) },
    });
  });
});

describe("the rest", () => {
  it.each([
    { path: "/livez", status: 200 },
    { path: "/readyz", status: 200 },
    { path: "/metrics", status: 200 },
    { path: "/nope", status: 404 },
  ])("answers $path with $status", async ({ path, status }) => {
    expect((await service.get(path)).status).toBe(status);
  });

  it.each([
    { method: "GET", path: "/api/v1/routings/vector", allow: "POST" },
    { method: "PUT", path: "/api/v1/embeddings?tenant=a&channel=b", allow: "POST,DELETE" },
    { method: "POST", path: "/livez", allow: "GET,HEAD" },
  ])("answers $method $path with 405", async ({ method, path, allow }) => {
    const response = await fetch(`${service.url}${path}`, { method });
    expect([response.status, response.headers.get("allow"), await response.json()]).toEqual([
      405,
      allow,
      { error: "METHOD_NOT_ALLOWED", message: expect.any(String) },
    ]);
  });

  it.each([
    { name: "JSON of a kind", type: "application/vnd.acme+json", body: JSON.stringify(question("x")) },
    {
      name: "members with names of JavaScript",
      type: "application/json",
      body: `{"__proto__":{},${JSON.stringify(question("x")).slice(1)}`,
    },
  ])("takes $name, and answers JSON without a charset", async ({ type, body }) => {
    const init = { method: "POST", headers: { "content-type": type }, body };
    const response = await fetch(`${service.url}/api/v1/routings/vector`, init);
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/json"]);
  });

  it("counts decisions by mode", async () => {
    await service.send("POST", "/api/v1/routings/vector", question("where is my parcel?"));
    const { text } = await service.get("/metrics");
    expect(text).toMatch(/lmos_router_decisions_total\{mode="vector",decision="accept"\} \d+/);
  });

  it("is not ready before its agents are known", async () => {
    await using starting = await startService({ isReady: () => false });
    expect((await starting.get("/readyz")).status).toBe(503);
  });

  it("refuses a body that is no JSON, and one that is too large", async () => {
    const post = (body: string) =>
      fetch(`${service.url}/api/v1/routings/vector`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
      });
    expect((await post("{")).status).toBe(400);
    expect((await post(" ".repeat(5 * 1024 * 1024))).status).toBe(413);
  });

  it("says that its port is taken", async () => {
    const { port } = new URL(service.url);
    const listen = { host: "127.0.0.1", port: Number(port) };
    await expect(startService({ listen })).rejects.toMatchObject({ code: "ListenFailed" });
  });
});
