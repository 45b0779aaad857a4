/** Row O13: twelve agents that mean harm beside a hundred good ones, on a real API server and over real HTTP. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import type { Operator } from "@lmos/operator";
import { type Agent, agentKind } from "@lmos/resources";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { z } from "zod";
import { type Cluster, deployAgent, startCluster } from "./operator-harness.ts";

const { signal } = new AbortController();
const goodAgents = 100;
const json = { "content-type": "application/json" };
const document = (name: string) =>
  JSON.stringify({ supportedChannels: ["web"], capabilities: [{ name, version: "1.0.0" }] });

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** What each of them does with every request. */
const hostile: Readonly<Record<string, Handler>> = {
  hangs: () => undefined,
  "hangs-too": () => undefined,
  drips: (_, response) => void response.writeHead(200, json).write("{"),
  floods: (_, response) => flood(response.writeHead(200, json)),
  "claims-a-gigabyte": (_, response) =>
    void response.writeHead(200, { ...json, "content-length": 1024 ** 3 }).write("{"),
  "sends-a-bomb": (_, response) =>
    void response.writeHead(200, { ...json, "content-encoding": "gzip" }).end(bomb),
  redirects: (_, response) => void response.writeHead(302, { location: "http://169.254.169.254/" }).end(),
  "sends-a-page": (_, response) =>
    void response.writeHead(200, { "content-type": "text/html" }).end(document("page")),
  "sends-nan": (_, response) => void response.writeHead(200, json).end('{"capabilities": NaN}'),
  "sends-other-fields": (_, response) =>
    void response.writeHead(200, json).end('{"capabilities":[{"name":{},"version":[]}]}'),
  fails: (_, response) => void response.writeHead(500).end(),
  "cuts-off": ({ socket }) => void socket.destroy(),
};
const bomb = gzipSync(Buffer.alloc(16 * 1024 * 1024));

let cluster: Cluster;
let operator: Operator;
let servers: readonly Server[];

beforeAll(async () => {
  cluster = await startCluster();
  operator = await cluster.startOperator();
});

afterAll(async () => {
  await operator[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

it("O13 the good ones are all discovered, and none of the others; each of those is told why", async () => {
  const bad = await Promise.all(Object.entries(hostile).map(([name, handler]) => serve(name, handler)));
  const good = await Promise.all(
    Array.from({ length: goodAgents }, (_, at) =>
      serve(`good-${at}`, (_request, response) => void response.writeHead(200, json).end(document("bill"))),
    ),
  );
  servers = [...bad, ...good].map(({ server }) => server);
  await Promise.all([...bad, ...good].map(({ name, port }) => deployAgent(cluster, name, port)));
  await vi.waitFor(
    async () => {
      const names = (await agents()).map(({ metadata }) => metadata.name);
      expect(names.filter((name) => name.startsWith("good-"))).toHaveLength(goodAgents);
    },
    { timeout: 40_000, interval: 100 },
  );
  expect((await agents()).filter(({ metadata }) => hostile[metadata.name] !== undefined)).toEqual([]);
  await vi.waitFor(async () => expect(await cluster.events("redirects")).toEqual(["Redirected"]), {
    timeout: 10_000,
  });
}, 60_000);

async function agents(): Promise<readonly Agent[]> {
  return (await cluster.client.list(agentKind, { namespace: "default", signal })).items;
}

async function serve(name: string, handler: Handler) {
  const server = createServer(handler);
  const port = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve(z.object({ port: z.number() }).parse(server.address()).port));
  });
  return { name, server, port };
}

/** Sends for as long as someone reads. */
function flood(response: ServerResponse): void {
  const piece = Buffer.alloc(64 * 1024, " ");
  const more = (): void => {
    while (!response.destroyed && response.write(piece));
  };
  response.on("drain", more);
  more();
}
