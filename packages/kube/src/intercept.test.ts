import { FakeClock } from "@lmos/testing";
import { describe, expect, it } from "vitest";
import type { KubeClient } from "./client.ts";
import { createKubeClient } from "./create-client.ts";
import { KubeError } from "./errors.ts";
import { interceptClient } from "./intercept.ts";
import { FakeApiServer } from "./testing/fake-api-server.ts";
import { widget, widgets } from "./testing/widget.ts";

const { signal } = new AbortController();
const key = { namespace: "home", name: "a" };

const calls: Readonly<Record<string, (client: KubeClient) => Promise<unknown>>> = {
  get: (client) => client.get(widgets, key, { signal }),
  list: (client) => client.list(widgets, { signal }),
  watch: (client) => Array.fromAsync(client.watch(widgets, { resourceVersion: "1", signal })),
  create: (client) => client.create(widgets, widget("a", 1), { signal }),
  replace: (client) => client.replace(widgets, widget("a", 1), { signal }),
  patch: (client) => client.patch(widgets, key, { kind: "merge", body: {} }, { signal }),
  apply: (client) => client.apply(widgets, widget("a", 1), { fieldManager: "me", signal }),
  delete: (client) => client.delete(widgets, key, { signal }),
  discover: (client) => client.discover("v1", { signal }),
};
const verbs = Object.keys(calls);

/** A client whose verbs all fail before they reach the server. */
function cutOff(client: KubeClient): KubeClient {
  const fail = (verb: string) => () => (): never => {
    throw new KubeError("Unreachable", verb);
  };
  return interceptClient(client, Object.fromEntries(verbs.map((verb) => [verb, fail(verb)])));
}

describe("interceptClient", () => {
  it.each(verbs)("stands before %s", async (verb) => {
    await using server = await FakeApiServer.start();
    await using client = createKubeClient({
      connection: server.connection,
      clock: new FakeClock(),
      userAgent: "test",
    });
    await expect((async () => calls[verb]?.(cutOff(client)))()).rejects.toThrow(verb);
    expect(server.received).toBe(0);
  });

  it.each(verbs)("leaves %s as it is where nothing stands before it", async (verb) => {
    await using server = await FakeApiServer.start();
    await using plain = createKubeClient({
      connection: server.connection,
      clock: new FakeClock(),
      userAgent: "test",
    });
    const calling = calls[verb]?.(interceptClient(plain, {}));
    (await server.next()).reply(403, "no");
    await expect(calling).rejects.toMatchObject({ code: "Forbidden" });
  });

  it("lets the interceptor see and change what goes on, and disposes the client", async () => {
    await using server = await FakeApiServer.start();
    const plain = createKubeClient({
      connection: server.connection,
      clock: new FakeClock(),
      userAgent: "test",
    });
    const seen: string[] = [];
    const client = interceptClient(plain, {
      get: (next) => async (type, wanted, options) => {
        seen.push(wanted.name);
        return next(type, { ...wanted, name: "b" }, options);
      },
    });
    const getting = client.get(widgets, key, { signal });
    const exchange = await server.next();
    expect(exchange.path).toMatch(/\/b$/);
    exchange.reply(200, widget("b", 1));
    expect(await getting).toEqual(widget("b", 1));
    expect(seen).toEqual(["a"]);
    await client[Symbol.asyncDispose]();
    await expect(plain.get(widgets, key, { signal: AbortSignal.abort(new Error("over")) })).rejects.toThrow();
  });
});
