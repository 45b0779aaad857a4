import { FakeClock, SeededRandom } from "@lmos/testing";
import { Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import type { KubeClient } from "./client.ts";
import type { KubeConnection } from "./connection.ts";
import { createKubeClient } from "./create-client.ts";
import { KubeError } from "./errors.ts";
import { createKubeMetrics } from "./metrics.ts";
import { type Exchange, FakeApiServer } from "./testing/fake-api-server.ts";
import { metricValue } from "./testing/metric-value.ts";
import { recordingTracer } from "./testing/recording-tracer.ts";
import { frame, listOf, status, type Widget, widget, widgets } from "./testing/widget.ts";

const { signal } = new AbortController();
const key = { namespace: "home", name: "a" };

interface World {
  readonly server: FakeApiServer;
  readonly client: KubeClient;
  readonly clock: FakeClock;
}

async function inWorld(
  run: (world: World) => Promise<void>,
  settings: Partial<KubeConnection> = {},
): Promise<void> {
  await using server = await FakeApiServer.start();
  const clock = new FakeClock();
  const connection = { ...server.connection, ...settings };
  await using client = createKubeClient({
    connection,
    clock,
    userAgent: "test/1",
    random: new SeededRandom(1),
  });
  await run({ server, client, clock });
}

/** Lets time pass until the client asks again. */
async function nextAttempt({ server, clock }: World): Promise<Exchange> {
  const before = server.received;
  while (server.received === before) await clock.advance(10);
  return server.next();
}

describe("the verbs", () => {
  const verbs: readonly {
    readonly name: string;
    readonly call: (client: KubeClient) => Promise<unknown>;
    readonly request: Partial<Exchange>;
  }[] = [
    {
      name: "get",
      call: (client) => client.get(widgets, key, { signal }),
      request: { method: "GET", path: "/apis/things.test/v1/namespaces/home/widgets/a", query: {} },
    },
    {
      name: "get in the connection's namespace",
      call: (client) => client.get(widgets, { name: "a" }, { signal }),
      request: { path: "/apis/things.test/v1/namespaces/home/widgets/a" },
    },
    {
      name: "get of a core, cluster-scoped type",
      call: (client) =>
        client.get({ ...widgets, group: "", plural: "namespaces", namespaced: false }, key, { signal }),
      request: { path: "/api/v1/namespaces/a" },
    },
    {
      name: "create",
      call: (client) => client.create(widgets, widget("a", 1), { fieldManager: "me", signal }),
      request: {
        method: "POST",
        path: "/apis/things.test/v1/namespaces/home/widgets",
        query: { fieldManager: "me" },
        body: widget("a", 1),
      },
    },
    {
      name: "replace of the status, dry run",
      call: (client) =>
        client.replace(widgets, widget("a", 1), { subresource: "status", dryRun: true, signal }),
      request: {
        method: "PUT",
        path: "/apis/things.test/v1/namespaces/home/widgets/a/status",
        query: { dryRun: "All" },
        body: widget("a", 1),
      },
    },
    {
      name: "merge patch",
      call: (client) =>
        client.patch(widgets, key, { kind: "merge", body: { spec: { colour: "blue" } } }, { signal }),
      request: { method: "PATCH", body: { spec: { colour: "blue" } } },
    },
    {
      name: "apply",
      call: (client) => client.apply(widgets, widget("a", 1), { fieldManager: "me", force: true, signal }),
      request: { method: "PATCH", query: { fieldManager: "me", force: "true" }, body: widget("a", 1) },
    },
    {
      name: "delete",
      call: (client) => client.delete(widgets, key, { uid: "u", propagation: "Foreground", signal }),
      request: {
        method: "DELETE",
        body: {
          apiVersion: "v1",
          kind: "DeleteOptions",
          propagationPolicy: "Foreground",
          preconditions: { uid: "u" },
        },
      },
    },
  ];

  it.each(verbs)("$name", ({ call, request }) =>
    inWorld(async ({ server, client }) => {
      const calling = call(client);
      const exchange = await server.next();
      expect(exchange).toMatchObject(request);
      expect(exchange.headers).toMatchObject({ "user-agent": "test/1", accept: "application/json" });
      exchange.reply(200, widget("a", 2));
      expect(await calling).toEqual(request.method === "DELETE" ? "deleted" : widget("a", 2));
    }),
  );

  it.each([
    { kind: "merge", type: "application/merge-patch+json", body: {} },
    { kind: "strategic", type: "application/strategic-merge-patch+json", body: {} },
    { kind: "json", type: "application/json-patch+json", body: [] },
  ] as const)("sends a $kind patch as $type", ({ type, ...patch }) =>
    inWorld(async ({ server, client }) => {
      const calling = client.patch(widgets, key, patch, { signal });
      const exchange = await server.next();
      expect(exchange.headers["content-type"]).toBe(type);
      exchange.reply(200, widget("a", 2));
      await calling;
    }),
  );

  it("applies as apply-patch+yaml", () =>
    inWorld(async ({ server, client }) => {
      const calling = client.apply(widgets, widget("a", 1), { fieldManager: "me", signal });
      const exchange = await server.next();
      expect(exchange.headers["content-type"]).toBe("application/apply-patch+yaml");
      exchange.reply(200, widget("a", 2));
      await calling;
    }));

  it("gives undefined for an object that is not there, and absent for its deletion", () =>
    inWorld(async ({ server, client }) => {
      const getting = client.get(widgets, key, { signal });
      (await server.next()).reply(404, status(404, "NotFound"));
      expect(await getting).toBeUndefined();
      const deleting = client.delete(widgets, key, { signal });
      (await server.next()).reply(404, status(404, "NotFound"));
      expect(await deleting).toBe("absent");
    }));

  it("completes the items of a list, which come without apiVersion and kind", () =>
    inWorld(async ({ server, client }) => {
      const listing = client.list(widgets, { namespace: "home", labelSelector: "a=b,c", limit: 5, signal });
      const exchange = await server.next();
      expect(exchange).toMatchObject({
        path: "/apis/things.test/v1/namespaces/home/widgets",
        query: { labelSelector: "a=b,c", limit: "5" },
      });
      const { apiVersion, kind, ...item } = widget("a", 1);
      exchange.reply(200, listOf(3, [item], "more"));
      expect(await listing).toEqual({
        items: [{ apiVersion, kind, ...item }],
        invalid: [],
        resourceVersion: "3",
        continueToken: "more",
      });
    }));

  it.each(["", ".", ".."])("refuses %j as a name, which would address something else", (name) =>
    inWorld(async ({ server, client }) => {
      await expect(client.delete(widgets, { name }, { signal })).rejects.toMatchObject({
        code: "BadRequest",
      });
      expect(server.received).toBe(0);
    }),
  );
});

describe("failures", () => {
  it.each([
    { http: 400, reason: "BadRequest", code: "BadRequest" },
    { http: 403, reason: "Forbidden", code: "Forbidden" },
    { http: 409, reason: "AlreadyExists", code: "AlreadyExists" },
    { http: 409, reason: "Conflict", code: "Conflict" },
    { http: 410, reason: "Gone", code: "Expired" },
    { http: 422, reason: "Invalid", code: "Invalid" },
    { http: 500, reason: "InternalError", code: "ServerError" },
    { http: 504, reason: "Timeout", code: "Timeout" },
  ])("HTTP $http $reason is $code", ({ http, reason, code }) =>
    inWorld(async ({ server, client }) => {
      const creating = client.create(widgets, widget("a", 1), { signal });
      (await server.next()).reply(http, status(http, reason));
      const error = await creating.catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(KubeError);
      expect(error).toMatchObject({
        code,
        message: `create Widget home/(new): because ${reason}`,
        details: { status: http, reason },
      });
    }),
  );

  it("reads a plain text as the reason, as proxies send it", () =>
    inWorld(async ({ server, client }) => {
      const creating = client.create(widgets, widget("a", 1), { signal });
      (await server.next()).reply(502, "no upstream");
      await expect(creating).rejects.toMatchObject({
        code: "ServerError",
        message: expect.stringContaining("no upstream"),
      });
    }));

  it.each([
    { name: "no JSON", body: "<html>" },
    { name: "no object", body: [] },
    { name: "an object without a name", body: { metadata: {} } },
    { name: "an object that its type can't parse", body: { ...widget("a", 1), spec: { colour: 7 } } },
  ])("an answer that is $name is a ProtocolError", ({ body }) =>
    inWorld(async ({ server, client }) => {
      const getting = client.get(widgets, key, { signal });
      (await server.next()).reply(200, body);
      await expect(getting).rejects.toMatchObject({ code: "ProtocolError" });
    }),
  );

  it("an answer of more than 64 MiB is given up", () =>
    inWorld(async ({ server, client }) => {
      const getting = client.get(widgets, key, { signal });
      const exchange = await server.next();
      exchange.open();
      const refused = expect(getting).rejects.toMatchObject({ code: "ResponseTooLarge" });
      const part = Buffer.alloc(8 * 1024 * 1024, " ");
      for (let sent = 0; sent < 9; sent++) void exchange.send(part);
      await refused;
      await exchange.closed();
    }));

  it("an answer that does not come within a minute is a Timeout", () =>
    inWorld(async ({ server, client, clock }) => {
      const creating = client.create(widgets, widget("a", 1), { signal });
      const timedOut = expect(creating).rejects.toMatchObject({ code: "Timeout" });
      const exchange = await server.next();
      await clock.advance(60_000);
      await timedOut;
      await exchange.closed();
    }));

  it("an aborted call rejects with the signal's reason", () =>
    inWorld(async ({ server, client }) => {
      const stop = new AbortController();
      const getting = client.get(widgets, key, { signal: stop.signal });
      const aborted = expect(getting).rejects.toBe("enough");
      const exchange = await server.next();
      stop.abort("enough");
      await aborted;
      await exchange.closed();
    }));
});

describe("retries", () => {
  const again = [
    { name: "429", fail: (exchange: Exchange) => exchange.reply(429, status(429, "TooManyRequests")) },
    { name: "503", fail: (exchange: Exchange) => exchange.reply(503, status(503, "ServiceUnavailable")) },
    { name: "a broken connection", fail: (exchange: Exchange) => exchange.cut() },
  ];

  it.each(again)("are made after $name, where twice is the same as once", ({ fail }) =>
    inWorld(async (world) => {
      const applying = world.client.apply(widgets, widget("a", 1), { fieldManager: "me", signal });
      fail(await world.server.next());
      (await nextAttempt(world)).reply(200, widget("a", 2));
      expect(await applying).toEqual(widget("a", 2));
    }),
  );

  it("wait as long as Retry-After says", () =>
    inWorld(async (world) => {
      const getting = world.client.get(widgets, key, { signal });
      const exchange = await world.server.next();
      const startMs = world.clock.now();
      exchange.reply(429, status(429, "TooManyRequests"), { "retry-after": "7" });
      const attempt = await nextAttempt(world);
      expect(world.clock.now() - startMs).toBeGreaterThanOrEqual(7_000);
      attempt.reply(200, widget("a", 1));
      await getting;
    }));

  it("are not made for a creation", () =>
    inWorld(async ({ server, client }) => {
      const creating = client.create(widgets, widget("a", 1), { signal });
      (await server.next()).reply(503, status(503, "ServiceUnavailable"));
      await expect(creating).rejects.toMatchObject({ code: "Unavailable" });
      expect(server.received).toBe(1);
    }));
});

describe("connections and credentials", () => {
  it("calls one after the other open no connection each", () =>
    inWorld(async ({ server, client }) => {
      for (let call = 0; call < 20; call++) {
        const getting = client.get(widgets, key, { signal });
        (await server.next()).reply(200, widget("a", 1));
        await getting;
      }
      expect(server.connections).toBeLessThanOrEqual(2);
    }));

  it("keeps the path of the server's URL", async () => {
    await using server = await FakeApiServer.start();
    const connection = { ...server.connection, server: `${server.connection.server}/clusters/one/` };
    await using client = createKubeClient({ connection, clock: new FakeClock(), userAgent: "test" });
    const getting = client.get(widgets, key, { signal });
    const exchange = await server.next();
    expect(exchange.path).toBe("/clusters/one/apis/things.test/v1/namespaces/home/widgets/a");
    exchange.reply(200, widget("a", 1));
    await getting;
  });

  it("asks for credentials every ten seconds, and again after a 401", () => {
    let asked = 0;
    const credentials = async () => {
      asked += 1;
      return { headers: { authorization: `Bearer ${asked}` } };
    };
    return inWorld(
      async ({ server, client, clock }) => {
        const tokens: unknown[] = [];
        const answer = async (http: number): Promise<void> => {
          const exchange = await server.next();
          tokens.push(exchange.headers["authorization"]);
          exchange.reply(http, http === 200 ? widget("a", 1) : status(http, "Unauthorized"));
        };
        const get = (): Promise<Widget | undefined> => client.get(widgets, key, { signal });
        await Promise.all([get(), answer(200)]);
        await Promise.all([get(), answer(200)]);
        await clock.advance(10_000);
        await Promise.all([get(), answer(200)]);
        await Promise.all([get(), answer(401).then(() => answer(200))]);
        expect(tokens).toEqual(["Bearer 1", "Bearer 1", "Bearer 2", "Bearer 2", "Bearer 3"]);
        const refused = expect(get()).rejects.toMatchObject({ code: "Unauthorized" });
        await answer(401);
        await answer(401);
        await refused;
      },
      { credentials },
    );
  });

  it("a failure to get credentials fails the call, and the next call asks again", () => {
    const answers = [Promise.reject(new KubeError("Unauthorized", "no plugin")), Promise.resolve({})];
    answers[0]?.catch(() => undefined);
    return inWorld(
      async ({ server, client }) => {
        // The first failure counts as a 401: it is asked again at once.
        const getting = client.get(widgets, key, { signal });
        (await server.next()).reply(200, widget("a", 1));
        expect(await getting).toEqual(widget("a", 1));
      },
      { credentials: () => answers.shift() ?? Promise.resolve({}) },
    );
  });
});

describe("requests", () => {
  it("are counted by status and traced one by one, each attempt for itself", async () => {
    await using server = await FakeApiServer.start();
    const registry = new Registry();
    const { tracer, spans } = recordingTracer();
    const clock = new FakeClock();
    const { connection } = server;
    const options = { connection, clock, userAgent: "test", metrics: createKubeMetrics(registry), tracer };
    await using client = createKubeClient(options);
    const getting = client.get(widgets, key, { signal });
    (await server.next()).reply(503, status(503, "ServiceUnavailable"));
    (await nextAttempt({ server, client, clock })).cut();
    (await nextAttempt({ server, client, clock })).reply(200, widget("a", 1));
    await getting;
    const count = (code: string) =>
      metricValue(registry, "rest_client_requests_total", { code, method: "GET" });
    expect([await count("503"), await count("<error>"), await count("200")]).toEqual([1, 1, 1]);
    expect(spans.map(({ failed, attributes }) => [failed, attributes["http.response.status_code"]])).toEqual([
      [true, 503],
      [true, undefined],
      [false, 200],
    ]);
    expect(spans[0]).toMatchObject({
      name: "Kubernetes GET",
      attributes: { "kubernetes.call": "get Widget home/a" },
    });
  });

  it("do not wait for credentials that never come", () =>
    inWorld(
      async ({ client }) => {
        const stop = new AbortController();
        const getting = client.get(widgets, key, { signal: stop.signal });
        stop.abort(new Error("no more patience"));
        await expect(getting).rejects.toThrow("no more patience");
      },
      { credentials: () => new Promise(() => undefined) },
    ));
});

describe("watch", () => {
  it("yields changes and bookmarks, and ends when the server ends it", () =>
    inWorld(async ({ server, client }) => {
      const collecting = Array.fromAsync(client.watch(widgets, { resourceVersion: "1", signal }));
      const exchange = await server.next();
      expect(exchange.query).toEqual({ watch: "true", allowWatchBookmarks: "true", resourceVersion: "1" });
      const bookmark = { metadata: { resourceVersion: "9" } };
      await exchange.send(frame("ADDED", widget("a", 2)), frame("BOOKMARK", bookmark), "\n");
      await exchange.send(frame("DELETED", widget("a", 3)));
      exchange.end();
      expect(await collecting).toEqual([
        { kind: "added", object: widget("a", 2) },
        { kind: "bookmark", resourceVersion: "9" },
        { kind: "deleted", object: widget("a", 3) },
      ]);
    }));

  it("closes its connection when the reader leaves", () =>
    inWorld(async ({ server, client, clock }) => {
      const reading = (async () => {
        for await (const event of client.watch(widgets, { resourceVersion: "1", signal })) return event;
        return undefined;
      })();
      const exchange = await server.next();
      await exchange.send(frame("ADDED", widget("a", 2)));
      expect(await reading).toMatchObject({ kind: "added" });
      await exchange.closed();
      expect(clock.sleeping).toBe(0);
    }));

  it("does not take a connection from the calls, however many there are", () =>
    inWorld(async ({ server, client }) => {
      const stop = new AbortController();
      const watches = Array.from({ length: 40 }, () =>
        Array.fromAsync(client.watch(widgets, { resourceVersion: "1", signal: stop.signal })),
      );
      for (const _watch of watches) (await server.next()).open();
      const getting = client.get(widgets, key, { signal });
      (await server.next()).reply(200, widget("a", 1));
      await getting;
      stop.abort("enough");
      const results = await Promise.allSettled(watches);
      expect(results.every((result) => result.status === "rejected" && result.reason === "enough")).toBe(
        true,
      );
    }));

  it("refuses an event of a type that it does not know", () =>
    inWorld(async ({ server, client }) => {
      const collecting = Array.fromAsync(client.watch(widgets, { resourceVersion: "1", signal }));
      const refused = expect(collecting).rejects.toMatchObject({ code: "ProtocolError" });
      await (await server.next()).send(frame("EXPLODED", widget("a", 2)));
      await refused;
    }));
});

describe("a rate limit", () => {
  it("lets requests wait for their turn, those that are repeated too", async () => {
    await using server = await FakeApiServer.start();
    const clock = new FakeClock();
    const rateLimit = { burst: 2, refillMs: 10_000 };
    const random = new SeededRandom(1);
    const options = { connection: server.connection, clock, userAgent: "test/1", random, rateLimit };
    await using client = createKubeClient(options);
    const calls = [1, 2, 3].map(() => client.get(widgets, key, { signal }));
    const [first, second] = [await server.next(), await server.next()];
    first.reply(200, widget("a", 1));
    second.reply(503, status(503, "ServiceUnavailable"));
    await Promise.race(calls);
    await clock.advance(9_999);
    expect(server.received).toBe(2);
    await clock.advance(1);
    (await server.next()).reply(200, widget("a", 1));
    await clock.advance(10_000);
    (await server.next()).reply(200, widget("a", 1));
    await Promise.all(calls);
    expect(server.received).toBe(4);
  });
});
