/** Agents that mean harm or are broken, as real servers on loopback; the limits are small so that tests are fast. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { systemClock } from "@lmos/primitives";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { type CapabilitiesReader, createCapabilitiesReader } from "./capabilities-reader.ts";

const { signal } = new AbortController();
const json = { "content-type": "application/json" };
const good = JSON.stringify({ capabilities: [{ name: "bill", version: "1.0.0" }] });
let reader: CapabilitiesReader;
/** For servers that do not answer in time; others are to have as much of it as they need. */
let hasty: CapabilitiesReader;
let servers: AsyncDisposableStack;

beforeEach(() => {
  servers = new AsyncDisposableStack();
  reader = servers.use(readerWith(10_000));
  hasty = servers.use(readerWith(200));
});

afterEach(() => servers.disposeAsync());

function readerWith(totalMs: number): CapabilitiesReader {
  const limits = { connectMs: totalMs, totalMs, bytes: 2000 };
  return createCapabilitiesReader({ clock: systemClock, limits });
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

describe("other forms", () => {
  const card = JSON.stringify({ name: "a", version: "1.0.0", skills: [{ id: "bill" }] });
  const thing = JSON.stringify({ version: { instance: "1.0.0" }, actions: { bill: {} } });
  it.each([
    { name: "an A2A card", path: "/.well-known/agent-card.json", text: card },
    { name: "a Thing Description", path: "/.well-known/wot", text: thing },
  ])("$name is read where there is no capabilities.json", async ({ path, text }) => {
    const origin = await serve(({ url }, response) => {
      if (url === path) response.writeHead(200, { "content-type": "application/td+json" }).end(text);
      else response.writeHead(404).end();
    });
    expect(await reader.read(origin, { signal })).toMatchObject({
      kind: "read",
      path,
      document: { capabilities: [{ name: "bill", version: "1.0.0" }] },
    });
  });

  it("an agent that has none of them is not found", async () => {
    const origin = await serve((_, response) => response.writeHead(404).end());
    expect(await reader.read(origin, { signal })).toMatchObject({ kind: "failed", reason: "NotFound" });
  });
});

describe("reading again", () => {
  it("sends the ETag along and takes 304 for what it knows", async () => {
    const asked: (string | undefined)[] = [];
    const origin = await serve(({ headers }, response) => {
      asked.push(headers["if-none-match"]);
      if (asked.at(-1) === '"one"') response.writeHead(304).end();
      else response.writeHead(200, { ...json, etag: '"one"' }).end(good);
    });
    const first = await reader.read(origin, { signal });
    if (first.kind !== "read") throw new TypeError(first.reason);
    expect(await reader.read(origin, { signal, known: first })).toBe(first);
    expect(asked).toEqual([undefined, '"one"']);
  });

  it("refuses a 304 that nobody asked for", async () => {
    const origin = await serve((_, response) => response.writeHead(304).end());
    expect(await reader.read(origin, { signal })).toMatchObject({ kind: "failed", reason: "Redirected" });
  });
});

describe("a server that misbehaves gets its reason", () => {
  it.each<{ name: string; handler: Handler; reason: string }>([
    { name: "never answers", handler: () => undefined, reason: "TimedOut" },
    { name: "drips", handler: (_, response) => void drip(response), reason: "TimedOut" },
    {
      name: "sends without end",
      handler: (_, response) => void flood(response.writeHead(200, json)),
      reason: "TooLarge",
    },
    {
      name: "announces a gigabyte",
      handler: (_, response) => response.writeHead(200, { ...json, "content-length": 1024 ** 3 }).write("{"),
      reason: "TooLarge",
    },
    {
      name: "sends a web page",
      handler: (_, response) => response.writeHead(200, { "content-type": "text/html" }).end(good),
      reason: "NotJson",
    },
    { name: "says no type", handler: (_, response) => response.writeHead(200).end(good), reason: "NotJson" },
    {
      name: "sends a compressed body",
      handler: (_, response) => response.writeHead(200, { ...json, "content-encoding": "gzip" }).end(good),
      reason: "NotJson",
    },
    {
      name: "redirects elsewhere",
      handler: (_, response) => response.writeHead(302, { location: "http://169.254.169.254/" }).end(),
      reason: "Redirected",
    },
    {
      name: "answers 500",
      handler: (_, response) => response.writeHead(500, json).end(good),
      reason: "UnexpectedStatus",
    },
    {
      name: "answers 204",
      handler: (_, response) => response.writeHead(204).end(),
      reason: "UnexpectedStatus",
    },
    {
      name: "sends garbage",
      handler: (_, response) => response.writeHead(200, json).end("\u0000{{"),
      reason: "InvalidDocument",
    },
    {
      name: "sends NaN",
      handler: (_, response) => response.writeHead(200, json).end('{"capabilities": NaN}'),
      reason: "InvalidDocument",
    },
    {
      name: "gives a member twice",
      handler: (_, response) => response.writeHead(200, json).end('{"capabilities":[],"capabilities":[]}'),
      reason: "InvalidDocument",
    },
    {
      name: "sends another compressed body",
      handler: (_, response) => response.writeHead(200, { ...json, "content-encoding": "br" }).end(good),
      reason: "NotJson",
    },
    {
      name: "redirects to itself for ever",
      handler: ({ url }, response) => response.writeHead(307, { location: url }).end(),
      reason: "Redirected",
    },
    {
      name: "sends a list",
      handler: (_, response) => response.writeHead(200, json).end("[]"),
      reason: "InvalidDocument",
    },
    {
      name: "breaks off",
      handler: (_, response) => {
        response.writeHead(200, { ...json, "content-length": 100 }).write("{");
        response.socket?.destroy();
      },
      reason: "Unreachable",
    },
  ])("$name: $reason", async ({ handler, reason }) => {
    const reading = (reason === "TimedOut" ? hasty : reader).read(await serve(handler), { signal });
    expect(await reading).toMatchObject({ kind: "failed", reason });
  });

  it("speaks something other than HTTP: Unreachable", async () => {
    const server = createTcpServer((socket) => socket.on("error", () => undefined).end("SSH-2.0-server\r\n"));
    const outcome = await reader.read(await listening(server), { signal });
    expect(outcome).toMatchObject({ kind: "failed", reason: "Unreachable" });
  });

  it("is not there: Unreachable, with a message that does not name the port", async () => {
    const outcome = await reader.read("http://127.0.0.1:1", { signal });
    expect(outcome).toEqual({
      kind: "failed",
      reason: "Unreachable",
      message: "can't be reached (ECONNREFUSED)",
    });
  });
});

it("S5 no failure repeats what was answered, in whatever part of the answer it stands", async () => {
  const secret = "s3cret-body";
  const bodies = [
    secret,
    `{"capabilities":[{"name":{"${secret}":1}}]}`,
    `{"${secret}":1,"${secret}":2}`,
    `{"capabilities":"${secret}","supportedTenants":{"${secret}":[]}}`,
    `{"actions":{"${secret}":"${secret}"},"lmos:capabilities":[{"${secret}":{}}]}`,
    `{"name":1,"skills":[{"id":"","${secret}":1}],"version":{"${secret}":1}}`,
  ];
  const paths = ["/.well-known/capabilities.json", "/.well-known/agent-card.json", "/.well-known/wot"];
  for (const body of bodies) {
    for (const path of paths) {
      const origin = await serve(({ url }, response) => {
        if (url === path) response.writeHead(200, { ...json, etag: secret, "x-more": secret }).end(body);
        else response.writeHead(404, secret).end(secret);
      });
      const outcome = await reader.read(origin, { signal });
      expect(outcome.kind === "failed" ? outcome.message : "").not.toContain(secret);
    }
  }
});

it("reads what is in order, also between servers that hang", async () => {
  const hanging = await serve(() => undefined);
  const orderly = await serve((_, response) => response.writeHead(200, json).end(good));
  const hung = Array.from({ length: 12 }, () => hasty.read(hanging, { signal }));
  expect(await reader.read(orderly, { signal })).toMatchObject({
    kind: "read",
    document: { capabilities: [{ name: "bill" }] },
  });
  expect((await Promise.all(hung)).every(({ kind }) => kind === "failed")).toBe(true);
});

it("asks for the document with nothing of its own: no credentials, no cookies, no compression", async () => {
  const seen = Promise.withResolvers<IncomingMessage>();
  const origin = await serve((request, response) => {
    seen.resolve(request);
    response.writeHead(200, { "content-type": "application/json; charset=utf-8" }).end(good);
  });
  expect(await reader.read(origin, { signal })).toMatchObject({ kind: "read" });
  const { url, headers } = await seen.promise;
  expect(url).toBe("/.well-known/capabilities.json");
  expect(headers).toEqual({
    host: origin.slice("http://".length),
    connection: "keep-alive",
    accept: "application/json, application/td+json",
    "accept-encoding": "identity",
  });
});

it("throws when its caller gives up", async () => {
  const origin = await serve(() => undefined);
  const caller = new AbortController();
  const reading = reader.read(origin, { signal: caller.signal });
  caller.abort(new Error("stopping"));
  await expect(reading).rejects.toThrow("stopping");
});

async function serve(handler: Handler): Promise<string> {
  const server = createServer(handler);
  servers.defer(() => server.closeAllConnections());
  return listening(server);
}

async function listening(server: ReturnType<typeof createTcpServer>): Promise<string> {
  servers.defer(() => void server.close());
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return `http://127.0.0.1:${z.object({ port: z.number() }).parse(server.address()).port}`;
}

/** One blank at a time, for as long as the reader stays. */
async function drip(response: ServerResponse): Promise<void> {
  response.writeHead(200, json);
  const stopped = new AbortController();
  response.on("close", () => stopped.abort());
  while (!stopped.signal.aborted) {
    response.write(" ");
    await systemClock.sleep(20, stopped).catch(() => undefined);
  }
}

async function flood(response: ServerResponse): Promise<void> {
  const chunk = Buffer.alloc(64 * 1024, " ");
  response.on("error", () => undefined).on("drain", () => void response.write(chunk));
  response.write(chunk);
}
