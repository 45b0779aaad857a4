import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { connect, type Socket } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { trackSilentConnections } from "./silent-connections.ts";

let server: Server;
let cutSilent: () => void;
let released: Promise<void>;
let release: () => void;
const clients: Socket[] = [];

beforeEach(async () => {
  ({ promise: released, resolve: release } = Promise.withResolvers<void>());
  server = createServer((request, response) => {
    if (request.url === "/slow") void released.then(() => response.end("done"));
    else response.end("done");
  });
  cutSilent = trackSilentConnections(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});

afterEach(() => {
  for (const client of clients.splice(0)) client.destroy();
  release();
  server.closeAllConnections();
});

/** A connection over which that was sent, seen by the server. */
async function open(text: string, to = server): Promise<Socket> {
  const address = to.address();
  const accepted = once(to, "connection");
  const client = connect(typeof address === "object" && address !== null ? address.port : 0, "127.0.0.1");
  clients.push(client);
  client.on("error", () => undefined);
  const [socket] = (await accepted) as [Socket];
  client.write(text);
  await expect.poll(() => socket.bytesRead, { interval: 1 }).toBe(text.length);
  return client;
}

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;

it("cuts a connection over which nothing was asked, so that the server closes at once", async () => {
  const client = await open("");
  const closed = once(server, "close");
  server.close();
  const cut = once(client, "close");
  cutSilent();
  await Promise.all([cut, closed]);
});

it("leaves the others to the server: an answer that is under way, half a request, and who is idle", async () => {
  const slow = await open(get("/slow"));
  const half = await open("GET /half");
  const idle = await open(get("/"));
  cutSilent();
  release();
  const [answer] = (await once(slow, "data")) as [Buffer];
  expect(answer.toString()).toContain("200 OK");
  expect([half.destroyed, idle.destroyed]).toEqual([false, false]);
});

it("leaves nothing of its own with a connection that has asked", async () => {
  const tracked = once(server, "connection");
  await open(get("/slow"));
  const plain = createServer((_request, response) => void released.then(() => response.end()));
  plain.listen(0, "127.0.0.1");
  await once(plain, "listening");
  const untracked = once(plain, "connection");
  await open(get("/slow"), plain);
  const [socket] = (await tracked) as [Socket];
  const [other] = (await untracked) as [Socket];
  for (const event of ["data", "close"]) {
    expect(socket.listenerCount(event)).toBe(other.listenerCount(event));
  }
  plain.close();
});

it("has nothing to cut once a connection has closed by itself", async () => {
  const client = await open("");
  client.destroy();
  await expect
    .poll(() => new Promise((resolve) => server.getConnections((_error, count) => resolve(count))))
    .toBe(0);
  expect(cutSilent).not.toThrow();
});
