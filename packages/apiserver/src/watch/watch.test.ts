import { FakeClock } from "@lmos/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../testing/client.ts";

const path = "/api/v1/namespaces/default/configmaps";

let clock: FakeClock;
let api: TestServer;
let hangUp: AbortController;
beforeEach(async () => {
  clock = new FakeClock();
  hangUp = new AbortController();
  api = await startTestServer({ clock, retention: { changes: 20, ageMs: 7_200_000 } });
});
afterEach(async () => {
  hangUp.abort();
  await api[Symbol.asyncDispose]();
});

const create = async (name: string, labels = {}): Promise<number> => {
  const { text } = await api.send("POST", path, { body: { metadata: { name, labels } } });
  return Number(JSON.parse(text).metadata.resourceVersion);
};
const relabel = (name: string, labels: object) =>
  api.send("PATCH", `${path}/${name}`, {
    contentType: "application/merge-patch+json",
    body: JSON.stringify({ metadata: { labels } }),
  });
const watch = (query: string, accept?: string) =>
  api.watch(`${path}?watch=true&${query}`, {
    signal: hangUp.signal,
    ...(accept === undefined ? {} : { accept }),
  });

/** Takes so many events: type and name, or type alone where there is no name. */
async function take(events: AsyncGenerator<object>, count: number): Promise<readonly string[]> {
  const taken: string[] = [];
  while (taken.length < count) {
    const { value } = await events.next();
    const { type, object } = JSON.parse(JSON.stringify(value));
    taken.push([type, object.metadata?.name].filter((part) => part !== undefined).join(" "));
  }
  return taken;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise<void>((resolve) => setImmediate(resolve));
}

describe("a watch", () => {
  test("without a version begins with what is there", async () => {
    await create("a");
    const events = watch("");
    expect(await take(events, 1)).toEqual(["ADDED a"]);
    await create("b");
    await relabel("a", { x: "y" });
    await api.send("DELETE", `${path}/b`);
    expect(await take(events, 3)).toEqual(["ADDED b", "MODIFIED a", "DELETED b"]);
  });

  test("from a version shows what came after, also what was before the connection", async () => {
    const revision = await create("a");
    await create("b");
    const events = watch(`resourceVersion=${revision}`);
    expect(await take(events, 1)).toEqual(["ADDED b"]);
  });

  test("sees objects enter and leave its selection", async () => {
    await create("a", { tier: "web" });
    const events = watch("labelSelector=tier%3Dweb");
    expect(await take(events, 1)).toEqual(["ADDED a"]);
    await relabel("a", { tier: "db" });
    await relabel("a", { other: "1" });
    await relabel("a", { tier: "web" });
    expect(await take(events, 2)).toEqual(["DELETED a", "ADDED a"]);
  });

  test("of another namespace or name sees nothing of it", async () => {
    const events = watch("fieldSelector=metadata.name%3Db");
    await create("a");
    await create("b");
    expect(await take(events, 1)).toEqual(["ADDED b"]);
  });

  test("can mark the end of the initial objects", async () => {
    await create("a");
    const events = watch("sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true");
    expect(await take(events, 1)).toEqual(["ADDED a"]);
    const { value } = await events.next();
    expect(value).toMatchObject({
      type: "BOOKMARK",
      object: { kind: "ConfigMap", metadata: { annotations: { "k8s.io/initial-events-end": "true" } } },
    });
  });

  test("gets a bookmark each minute and one at its end, with the latest version", async () => {
    const revision = await create("a");
    const events = watch(`resourceVersion=${revision}&allowWatchBookmarks=true&timeoutSeconds=90`);
    const first = events.next();
    await until(() => clock.sleeping === 2);
    const elsewhere = await api.send("POST", "/api/v1/namespaces", { body: { metadata: { name: "n" } } });
    await clock.advance(60_000);
    const { resourceVersion } = JSON.parse(elsewhere.text).metadata;
    expect((await first).value).toMatchObject({
      type: "BOOKMARK",
      object: { metadata: { resourceVersion } },
    });
    const second = events.next();
    await until(() => clock.sleeping === 2);
    await clock.advance(30_000);
    expect((await second).value).toMatchObject({ type: "BOOKMARK" });
    expect((await events.next()).done).toBe(true);
  });

  test("of tables has a row for each event", async () => {
    await create("a");
    const events = watch("", "application/json;as=Table;v=v1;g=meta.k8s.io,application/json");
    const { value } = await events.next();
    expect(value).toMatchObject({
      type: "ADDED",
      object: { kind: "Table", rows: [{ cells: ["a", 0, "0s"] }] },
    });
  });

  test("ends when the server stops", async () => {
    await create("a");
    const events = watch("");
    await take(events, 1);
    const end = events.next();
    await api.server[Symbol.asyncDispose]();
    expect((await end).done).toBe(true);
  });
});

describe("what is compacted", () => {
  beforeEach(async () => {
    for (let index = 0; index < 30; index += 1) await create(`c${index}`);
  });

  test("ends a watch with an event that says Expired", async () => {
    const { value } = await watch("resourceVersion=1").next();
    expect(value).toMatchObject({
      type: "ERROR",
      object: {
        kind: "Status",
        code: 410,
        reason: "Expired",
        message: expect.stringMatching(/^too old resource version: 1 \(\d+\)$/),
      },
    });
  });

  test("is Gone for a list", async () => {
    const { status, object } = await api.send("GET", `${path}?resourceVersion=1&resourceVersionMatch=Exact`);
    expect(status).toBe(410);
    expect(object).toMatchObject({ reason: "Expired" });
  });

  test("is still there as the current state", async () => {
    const { text } = await api.send("GET", path);
    expect(JSON.parse(text).items).toHaveLength(30);
  });
});
