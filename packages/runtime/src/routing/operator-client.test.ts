/** Watches over real sockets: an operator of ours, the Kotlin one, and one in trouble. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { DeadlineExceededError, systemClock } from "@lmos/primitives";
import { FakeClock } from "@lmos/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  createOperatorClient,
  type OperatorQuery,
  type OperatorWatch,
  type WatchOptions,
} from "./operator-client.ts";

let server: Server;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let asked: IncomingMessage[];
let url: string;

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

function streaming(
  ...texts: readonly string[]
): (request: IncomingMessage, response: ServerResponse) => void {
  return (_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const text of texts) response.write(text);
  };
}

function watch(more: Partial<WatchOptions> = {}, clock = systemClock): Promise<OperatorWatch> {
  const client = createOperatorClient({ url, clock });
  const query = { tenant: "acme", channel: "web", routing: true, subset: "canary" };
  const { signal } = new AbortController();
  return client.watch(query, { lastEventId: undefined, onHeard: () => undefined, signal, ...more });
}

async function opened(more: Partial<WatchOptions> = {}, clock = systemClock) {
  const watched = await watch(more, clock);
  if (watched.kind !== "open") throw new TypeError(watched.kind);
  return watched.events[Symbol.asyncIterator]();
}

function get(query: Partial<OperatorQuery>) {
  const client = createOperatorClient({ url, clock: systemClock });
  const { signal } = new AbortController();
  return client.get({ tenant: "acme", channel: "web", subset: undefined, ...query }, { signal });
}

describe("a question", () => {
  test.each([
    { name: "a tenant .", query: { tenant: "." } },
    { name: "a tenant ..", query: { tenant: "..", routing: true } },
    { name: "a channel .", query: { channel: "." } },
    { name: "a channel ..", query: { channel: "..", routing: true } },
  ])("for $name is not asked: it would be one for something else", async ({ query }) => {
    expect(await get(query)).toEqual({ kind: "missing" });
    expect(asked).toEqual([]);
  });

  test.each([
    { name: "slashes", query: { tenant: "a/../b" }, path: "/apis/v1/tenants/a%2F..%2Fb/channels/web" },
    { name: "encoded dots", query: { channel: "%2e%2e" }, path: "/apis/v1/tenants/acme/channels/%252e%252e" },
    { name: "three dots", query: { channel: "..." }, path: "/apis/v1/tenants/acme/channels/..." },
    { name: "a query", query: { channel: "web?x#y" }, path: "/apis/v1/tenants/acme/channels/web%3Fx%23y" },
  ])("for a name with $name names only that", async ({ query, path }) => {
    answer = (_request, response) => void response.writeHead(404).end();
    await get(query);
    expect(asked.map((request) => request.url)).toEqual([path]);
  });

  test.each([
    { status: 301, query: {}, message: "Unexpected response getting channel" },
    { status: 302, query: { channel: undefined }, message: "Unexpected response listing channels" },
    { status: 307, query: { routing: true }, message: "Unexpected response from operator" },
  ])("that is answered with $status is not asked elsewhere", async ({ status, query, message }) => {
    answer = (_request, response) => void response.writeHead(status, { location: "/elsewhere" }).end();
    expect(await get(query)).toEqual({ kind: "failed", message, reason: `status ${status}` });
    expect(asked.length).toBe(1);
  });

  test.each([
    { query: {}, message: "Invalid channel body" },
    { query: { channel: undefined }, message: "Invalid channel list body" },
    { query: { routing: true }, message: "Unexpected response body from operator" },
  ])("that is answered with no JSON: $message", async ({ query, message }) => {
    answer = (_request, response) => void response.end("nope");
    expect(await get(query)).toMatchObject({ kind: "failed", message });
  });
});

describe("a watch", () => {
  test("asks for the routing's events, from where it was", async () => {
    answer = streaming("event: synced\nid: 8\ndata: {}\n\n");
    const events = await opened({ lastEventId: "7" });
    expect((await events.next()).value).toEqual({ event: "synced", id: "8", data: "{}" });
    await events.return?.();
    const [{ url: path, headers } = { url: "", headers: {} }] = asked;
    expect(path).toBe("/apis/v1/tenants/acme/channels/web/routing?watch=true");
    expect(headers).toMatchObject({
      accept: "text/event-stream",
      "last-event-id": "7",
      "x-subset": "canary",
    });
  });

  test("hears comments, too", async () => {
    answer = streaming(": still here\n\n", "event: added\ndata: {}\n\n");
    let heard = 0;
    const events = await opened({ onHeard: () => void heard++ });
    await events.next();
    expect(heard).toBeGreaterThan(0);
    await events.return?.();
  });

  test("closes its connection when nobody reads it any more", async () => {
    const closed = Promise.withResolvers<void>();
    answer = (request, response) => {
      streaming("event: added\ndata: {}\n\n")(request, response);
      response.once("close", closed.resolve);
    };
    const events = await opened();
    await events.next();
    await events.return?.();
    await closed.promise;
  });

  test("ends with the operator's end", async () => {
    answer = (request, response) => {
      streaming("event: added\ndata: {}\n\n")(request, response);
      response.end();
    };
    const events = await opened();
    await events.next();
    expect((await events.next()).done).toBe(true);
  });

  test("is given up when it is silent for too long", async () => {
    answer = streaming("event: added\ndata: {}\n\n");
    const clock = new FakeClock();
    const events = await opened({}, clock);
    await events.next();
    const next = events.next();
    const outcome = expect(next).rejects.toThrow(DeadlineExceededError);
    await clock.advance(45_000);
    await outcome;
  });

  test("is given up when it sends an event without an end", async () => {
    answer = streaming(`data: ${"x".repeat(9 * 1024 * 1024)}`);
    const events = await opened();
    await expect(events.next()).rejects.toThrow(RangeError);
  });

  test("ends with the signal's reason", async () => {
    answer = streaming("event: added\ndata: {}\n\n");
    const stop = new AbortController();
    const events = await opened({ signal: stop.signal });
    await events.next();
    const next = events.next();
    const outcome = expect(next).rejects.toThrow("enough");
    stop.abort(new Error("enough"));
    await outcome;
  });
});

describe("no watch", () => {
  const rows: readonly { readonly status: number; readonly type?: string; readonly kind: string }[] = [
    { status: 200, type: "application/json", kind: "unsupported" },
    { status: 404, kind: "unsupported" },
    { status: 400, type: "application/json", kind: "unsupported" },
    { status: 406, kind: "unsupported" },
    { status: 401, kind: "failed" },
    { status: 429, kind: "failed" },
    { status: 500, kind: "failed" },
    { status: 503, type: "text/event-stream", kind: "failed" },
  ];
  test.each(rows)("is $kind where the answer is $status $type", async ({ status, type, kind }) => {
    answer = (_request, response) => {
      response.writeHead(status, type === undefined ? {} : { "content-type": type });
      response.end("{}");
    };
    expect((await watch()).kind).toBe(kind);
  });

  test("is a failure where nobody answers", async () => {
    answer = (request) => void request.socket.destroy();
    expect((await watch()).kind).toBe("failed");
  });

  test("is a failure where the operator says nothing for 5 s", async () => {
    answer = () => undefined;
    const clock = new FakeClock();
    const watching = watch({}, clock);
    await expect.poll(() => asked.length).toBe(1);
    await clock.advance(5000);
    expect((await watching).kind).toBe("failed");
  });
});
