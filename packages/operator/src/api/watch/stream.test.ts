/** Watches over the read API: what is sent, when, and how they end. */
import type { Channel } from "@lmos/resources";
import { FakeClock } from "@lmos/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { FakeCluster } from "../../testing/fake-cluster.ts";
import { channelOf } from "../../testing/objects.ts";
import { listen } from "../listen.ts";
import { createReadApi } from "../read-api.ts";

const url = "/apis/v1/tenants/acme/channels?watch=true";
let cluster: FakeCluster;
let clock: FakeClock;
let stop: AbortController;
let api: ReturnType<typeof createReadApi>;

beforeEach(() => {
  cluster = new FakeCluster();
  cluster.channels.replaceAll([channelAt("first", 5), channelAt("elsewhere", 6, { tenant: "globex" })]);
  cluster.sync();
  clock = new FakeClock();
  stop = new AbortController();
  api = createReadApi({ stores: cluster.stores, clock, signal: stop.signal });
});

function channelAt(name: string, version: number, labels: Readonly<Record<string, string>> = {}): Channel {
  const channel = channelOf(name, []);
  const { metadata } = channel;
  return {
    ...channel,
    metadata: { ...metadata, labels: { ...metadata.labels, ...labels }, resourceVersion: String(version) },
  };
}

/** Watches while `work` goes on, then stops the server; gives all that was sent. */
async function watch(
  work: () => void | Promise<void>,
  request: { readonly url?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<string> {
  const answer = api.inject({ url: request.url ?? url, headers: { ...request.headers } });
  await clock.advance(0);
  await clock.advance(0);
  await work();
  stop.abort();
  return (await answer).body;
}

/** `added first @5`, one for each event. */
function events(body: string): readonly string[] {
  return body
    .split("\n\n")
    .filter((block) => block.includes("event: "))
    .map((block) => {
      const [, name] = /^event: (\w+)$/m.exec(block) ?? [];
      const [, id] = /^id: (\d+)$/m.exec(block) ?? [];
      const [, object] = /"name":"([a-z-]+)","namespace"/.exec(block) ?? [];
      return [name, object, id === undefined ? undefined : `@${id}`].filter(Boolean).join(" ");
    });
}

describe("a watch", () => {
  it("begins with what there is, then sends each change", async () => {
    const body = await watch(() => {
      cluster.channels.put(channelAt("second", 8));
      cluster.channels.put(channelAt("second", 9));
      cluster.channels.remove({ namespace: "default", name: "first" });
    });
    expect(events(body)).toEqual([
      "added first",
      "synced @6",
      "added second @8",
      "modified second @9",
      "deleted first @9",
    ]);
  });

  it("sends whole documents, as the API gives them", async () => {
    const body = await watch(() => undefined);
    const [, data] = /^data: (.*)$/m.exec(body) ?? [];
    const [document] = (await api.inject("/apis/v1/tenants/acme/channels")).json();
    expect(JSON.parse(data ?? "")).toEqual(document);
  });

  it("says nothing of other tenants, and tells of what comes and goes by its labels", async () => {
    const body = await watch(() => {
      cluster.channels.put(channelAt("elsewhere", 7, { tenant: "globex" }));
      cluster.channels.put(channelAt("elsewhere", 8, { tenant: "acme" }));
      cluster.channels.put(channelAt("first", 9, { tenant: "globex" }));
    });
    expect(events(body).slice(2)).toEqual(["added elsewhere @8", "deleted first @9"]);
  });

  it("of one channel tells of that", async () => {
    const one = "/apis/v1/tenants/acme/channels/web?watch=true";
    const body = await watch(() => cluster.channels.put(channelAt("third", 9, { channel: "app" })), {
      url: one,
    });
    expect(events(body)).toEqual(["added first", "synced @6"]);
  });

  describe("of one channel whose identity others have too", () => {
    const one = "/apis/v1/tenants/acme/channels/web?watch=true";
    const aged = (name: string, version: number, creationTimestamp: string): Channel => {
      const channel = channelAt(name, version);
      return { ...channel, metadata: { ...channel.metadata, creationTimestamp } };
    };
    const remove = (name: string) => cluster.channels.remove({ namespace: "default", name });
    const [january, may] = ["2026-01-01T00:00:00Z", "2026-05-01T00:00:00Z"];

    beforeEach(() => cluster.channels.replaceAll([aged("first", 7, "2026-03-01T00:00:00Z")]));

    it.each([
      { name: "a younger one that comes", work: () => cluster.channels.put(aged("young", 8, may)), sent: [] },
      {
        name: "a younger one that changes and goes",
        work: () => {
          cluster.channels.put(aged("young", 8, may));
          cluster.channels.put(aged("young", 9, may));
          remove("young");
        },
        sent: ["modified first @9"],
      },
      {
        name: "an older one that comes, which is what answers from then on",
        work: () => cluster.channels.put(aged("old", 8, january)),
        sent: ["added old @8"],
      },
      {
        name: "an older one that goes again",
        work: () => {
          cluster.channels.put(aged("old", 8, january));
          remove("old");
        },
        sent: ["added old @8", "modified first @8"],
      },
      { name: "the only one that goes", work: () => remove("first"), sent: ["deleted first @7"] },
    ])("tells of what answers: $name", async ({ work, sent }) => {
      expect(events(await watch(work, { url: one })).slice(2)).toEqual(sent);
    });
  });

  it("of what is not there yet waits for it", async () => {
    const routing = "/apis/v1/tenants/acme/channels/web/routing?watch=true";
    expect(events(await watch(() => undefined, { url: routing }))).toEqual(["synced @0"]);
  });

  it("is kept alive while nothing happens", async () => {
    const body = await watch(() => clock.advance(45_000));
    expect(body.match(/^: still here$/gm)).toHaveLength(3);
  });

  it("is an event stream that nothing in between may keep", async () => {
    const answer = api.inject(url);
    await clock.advance(0);
    stop.abort();
    const { headers, statusCode } = await answer;
    expect([statusCode, headers["content-type"], headers["cache-control"]]).toEqual([
      200,
      "text/event-stream",
      "no-store",
    ]);
  });
});

describe("a reader that comes back", () => {
  it.each([
    { name: "with the last id", request: { headers: { "last-event-id": "6" } } },
    { name: "with a resourceVersion", request: { url: `${url}&resourceVersion=6` } },
  ])("$name gets what it missed", async ({ request }) => {
    cluster.channels.put(channelAt("second", 8));
    cluster.channels.remove({ namespace: "default", name: "first" });
    expect(events(await watch(() => undefined, request))).toEqual([
      "added second @8",
      "deleted first @8",
      "synced @8",
    ]);
  });

  it.each(["3", "garbage"])("with an id that is not known (%s) starts anew, and is told so", async (id) => {
    const body = await watch(() => undefined, { headers: { "last-event-id": id } });
    expect(events(body)).toEqual(["reset @6", "added first", "synced @6"]);
  });
});

describe("a reader that does not read", () => {
  it("is cut off, and the others are not", async () => {
    const { port } = await listen(api, { host: "127.0.0.1", port: 0 });
    const idle = await fetch(`http://127.0.0.1:${port}${url}`);
    const reader = idle.body?.getReader();
    await reader?.read();
    const large = { description: "x".repeat(60_000) };
    for (let version = 10; version < 600; version++) {
      const channel = channelAt("large", version);
      const { metadata } = channel;
      cluster.channels.put({ ...channel, metadata: { ...metadata, annotations: large } });
    }
    const broken = async (): Promise<boolean> => {
      for (;;) if ((await reader?.read())?.done !== false) return false;
    };
    await expect(broken()).rejects.toThrow();
    expect((await api.inject("/apis/v1/tenants/acme/channels")).statusCode).toBe(200);
    stop.abort();
    await api.close();
  });
});

it("every watch ends when the process stops", async () => {
  const { port } = await listen(api, { host: "127.0.0.1", port: 0 });
  const watching = await fetch(`http://127.0.0.1:${port}${url}`);
  stop.abort();
  expect(await watching.text()).toContain("event: synced");
  await api.close();
});
