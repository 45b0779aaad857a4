/** Answers that cost nothing where the reader has them already. */
import { FakeClock } from "@lmos/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { FakeCluster } from "../testing/fake-cluster.ts";
import { channelOf } from "../testing/objects.ts";
import { createReadApi } from "./read-api.ts";

const { signal } = new AbortController();
const url = "/apis/v1/tenants/acme/channels";
let cluster: FakeCluster;
let api: ReturnType<typeof createReadApi>;

beforeEach(() => {
  cluster = new FakeCluster();
  cluster.channels.put(channelOf("acme", ["bill@^1.0.0"]));
  cluster.sync();
  cluster.channels.put(channelOf("acme", ["bill@^1.0.0"]));
  api = createReadApi({ stores: cluster.stores, clock: new FakeClock(), signal });
});

async function etagNow(): Promise<string> {
  const { headers } = await api.inject(url);
  return String(headers["etag"]);
}

describe("an ETag", () => {
  it("is the same while the document is, and on every replica", async () => {
    const other = createReadApi({ stores: cluster.stores, clock: new FakeClock(), signal });
    const elsewhere = await other.inject(url);
    expect(await etagNow()).toBe(await etagNow());
    expect(elsewhere.headers["etag"]).toBe(await etagNow());
  });

  it("is another one when the document is", async () => {
    const before = await etagNow();
    cluster.channels.put(channelOf("second", []));
    expect(await etagNow()).not.toBe(before);
  });
});

describe("If-None-Match", () => {
  it.each([
    { name: "the ETag", header: (etag: string) => etag },
    { name: "the ETag as a weak one", header: (etag: string) => `W/${etag}` },
    { name: "one of several", header: (etag: string) => `"other", ${etag}` },
    { name: "anything", header: () => "*" },
  ])("$name: 304 without a body", async ({ header }) => {
    const etag = await etagNow();
    const reply = await api.inject({ url, headers: { "if-none-match": header(etag) } });
    expect([reply.statusCode, reply.body, reply.headers["etag"]]).toEqual([304, "", etag]);
  });

  it.each(['"other"', "", '"*"'])("%s: the document", async (header) => {
    const reply = await api.inject({ url, headers: { "if-none-match": header } });
    expect(reply.statusCode).toBe(200);
  });

  it("of what is gone: 404", async () => {
    const reply = await api.inject({ url: `${url}/nope`, headers: { "if-none-match": "*" } });
    expect(reply.statusCode).toBe(404);
  });
});
