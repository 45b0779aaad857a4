import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { systemClock } from "@lmos/primitives";
import { describe, expect, test } from "vitest";
import { isMutating } from "./api-request.ts";
import { mutationsOf } from "./history.ts";
import { type HttpProxy, startHttpProxy } from "./http-proxy.ts";
import { listeningPort } from "./listening-port.ts";

const configMaps = "/api/v1/namespaces/a/configmaps";

const event = (type: string, name: string, version: number): string =>
  `${JSON.stringify({ type, object: { metadata: { namespace: "a", name, resourceVersion: String(version) } } })}\n`;

interface Api extends AsyncDisposable {
  readonly proxy: HttpProxy;
  /** Method and path of each request that reached the server. */
  readonly reached: string[];
  readonly bodies: string[];
  /** The watches that are open. */
  readonly watches: ServerResponse[];
  crashes: number;
  items: readonly string[];
}

function answer(api: Api, request: IncomingMessage, response: ServerResponse): void {
  api.reached.push(`${request.method} ${request.url} ${request.headers.authorization}`);
  request.on("data", (data) => api.bodies.push(String(data)));
  if (request.url?.includes("watch=true") === true) {
    response.writeHead(200).flushHeaders();
    api.watches.push(response);
  } else response.end(JSON.stringify({ items: api.items }));
}

async function startApi(): Promise<Api> {
  const server: Server = createServer((request, response) => answer(api, request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const upstream = {
    server: `http://127.0.0.1:${listeningPort(server)}`,
    headers: { authorization: "Bearer t" },
  };
  const proxy = await startHttpProxy({
    upstream,
    clock: systemClock,
    crash: async () => {
      api.crashes += 1;
    },
  });
  const dispose = async (): Promise<void> => {
    await proxy[Symbol.asyncDispose]();
    server.closeAllConnections();
    server.close();
  };
  const api: Api = {
    proxy,
    reached: [],
    bodies: [],
    watches: [],
    crashes: 0,
    items: [],
    [Symbol.asyncDispose]: dispose,
  };
  return api;
}

/** Opens a watch and gives a function that reads so many lines. */
async function openWatch({ proxy, watches }: Api): Promise<(lines: number) => Promise<string>> {
  const open = watches.length;
  const response = await fetch(`${proxy.url}${configMaps}?watch=true`);
  while (watches.length === open) await new Promise((resolve) => setImmediate(resolve));
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  return async (lines) => {
    let text = "";
    while (text.split("\n").length <= lines) text += (await reader?.read())?.value ?? "";
    return text;
  };
}

describe("requests", () => {
  test("pass with the server's credentials and are in the history", async () => {
    await using api = await startApi();
    const answered = await fetch(`${api.proxy.url}${configMaps}`, {
      headers: { authorization: "Bearer client" },
    });
    expect(await answered.json()).toEqual({ items: [] });
    expect(api.reached).toEqual([`GET ${configMaps} Bearer t`]);
    expect(api.proxy.history).toMatchObject([
      { kind: "request", id: 1, request: { verb: "list", resource: "configmaps", namespace: "a" } },
      { kind: "answer", id: 1, status: 200, delivered: true },
    ]);
  });

  test.each(["DELETE", "POST", "PATCH"])("%s passes with its body", async (method) => {
    await using api = await startApi();
    for (const body of ["first", "second"]) {
      await (await fetch(`${api.proxy.url}${configMaps}/x`, { method, body })).json();
    }
    expect(api.bodies).toEqual(["first", "second"]);
  });

  test("are refused with a Status and Retry-After", async () => {
    await using api = await startApi();
    api.proxy.setRules([{ match: {}, fault: { kind: "status", status: 429, retryAfterSeconds: 2 } }]);
    const refused = await fetch(`${api.proxy.url}${configMaps}`);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "2"]);
    expect(await refused.json()).toMatchObject({ kind: "Status", reason: "TooManyRequests", code: 429 });
    expect(api.reached).toEqual([]);
  });

  test.each([
    ["reset", 0],
    ["loseAnswer", 1],
  ] as const)("%s breaks the connection; the server did it %i times", async (kind, times) => {
    await using api = await startApi();
    api.proxy.setRules([{ match: { verbs: ["create"] }, fault: { kind } }]);
    await expect(fetch(`${api.proxy.url}${configMaps}`, { method: "POST", body: "{}" })).rejects.toThrow();
    expect(api.reached.length).toBe(times);
    expect(mutationsOf(api.proxy.history, isMutating).length).toBe(times);
  });

  test.each([
    ["before", 0],
    ["after", 1],
  ] as const)("crash %s: the client is ended, the server did it %i times", async (point, times) => {
    await using api = await startApi();
    api.proxy.setRules([{ match: { verbs: ["create"] }, fault: { kind: "crash", point } }]);
    await expect(fetch(`${api.proxy.url}${configMaps}`, { method: "POST", body: "{}" })).rejects.toThrow();
    expect([api.crashes, api.reached.length]).toEqual([1, times]);
  });

  test("are held until they are released, and reach the server even if the client has gone", async () => {
    await using api = await startApi();
    api.proxy.setRules([{ match: { verbs: ["create"] }, fault: { kind: "hold" } }]);
    const gone = new AbortController();
    const sent = fetch(`${api.proxy.url}${configMaps}`, { method: "POST", body: "{}", signal: gone.signal });
    while (api.proxy.held === 0) await new Promise((resolve) => setImmediate(resolve));
    gone.abort();
    await expect(sent).rejects.toThrow();
    expect(api.reached).toEqual([]);
    await api.proxy.release();
    expect(api.reached.length).toBe(1);
  });
});

describe("watches", () => {
  test("end with an ERROR event after so many events", async () => {
    await using api = await startApi();
    api.proxy.setRules([
      { match: { verbs: ["watch"] }, fault: { kind: "errorEvent", status: 410, afterEvents: 1 } },
    ]);
    const read = await openWatch(api);
    api.watches[0]?.write(event("ADDED", "x", 5));
    const text = await read(2);
    expect(text).toContain('"ADDED"');
    expect(text).toContain('"reason":"Expired"');
  });

  test("keep an event back until the next one of that object takes its place", async () => {
    await using api = await startApi();
    api.proxy.setRules([{ match: { verbs: ["watch"] }, fault: { kind: "withhold", nth: 1, ms: 60_000 } }]);
    const read = await openWatch(api);
    api.watches[0]?.write(event("ADDED", "x", 5) + event("ADDED", "y", 6) + event("DELETED", "x", 7));
    const text = await read(2);
    expect(text).toBe(event("ADDED", "y", 6) + event("DELETED", "x", 7));
    const events = api.proxy.history.filter(({ kind }) => kind === "event");
    expect(events).toMatchObject([
      { object: "a/y", delivered: true },
      { object: "a/x", type: "ADDED", delivered: false },
      { object: "a/x", type: "DELETED", delivered: true },
    ]);
  });

  test("are silent and lists are replayed while a view is frozen; then the watch is cut", async () => {
    await using api = await startApi();
    const read = await openWatch(api);
    api.items = ["old"];
    api.proxy.freeze(configMaps, await api.proxy.record(configMaps));
    api.items = ["new"];
    expect(await (await fetch(`${api.proxy.url}${configMaps}?limit=5`)).json()).toEqual({ items: ["old"] });
    api.watches[0]?.write(event("ADDED", "x", 5));
    while (!api.proxy.history.some(({ kind }) => kind === "event")) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    api.proxy.thaw();
    await expect(read(1)).rejects.toThrow();
    expect(await (await fetch(`${api.proxy.url}${configMaps}`)).json()).toEqual({ items: ["new"] });
  });
});
