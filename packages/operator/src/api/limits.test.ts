/** What the read API takes, at most: over real HTTP, as these limits are Node's. */
import { request } from "node:http";
import { FakeClock } from "@lmos/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FakeCluster } from "../testing/fake-cluster.ts";
import { listen } from "./listen.ts";
import { createReadApi } from "./read-api.ts";

const path = "/apis/v1/tenants/acme/channels";
const cluster = new FakeCluster();
cluster.sync();
const api = createReadApi({
  stores: cluster.stores,
  clock: new FakeClock(),
  signal: new AbortController().signal,
});
let port: number;

beforeAll(async () => {
  ({ port } = await listen(api, { host: "127.0.0.1", port: 0 }));
});

afterAll(() => api.close());

/** The status of the answer. */
function ask(
  method: string,
  {
    headers = {},
    body = "",
  }: { readonly headers?: Readonly<Record<string, string>>; readonly body?: string },
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path, method, headers, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

const json = { "content-type": "application/json" };

describe("the read API", () => {
  it.each([
    {
      name: "headers as they are",
      method: "GET",
      sent: { headers: { "x-note": "n".repeat(8_000) } },
      status: 200,
    },
    {
      name: "more than 16 KiB of headers",
      method: "GET",
      sent: { headers: { "x-note": "n".repeat(17_000) } },
      status: 431,
    },
    {
      name: "a small body where none belongs",
      method: "POST",
      sent: { headers: json, body: "{}" },
      status: 405,
    },
    {
      name: "more than 64 KiB of a body, of which nothing is read",
      method: "POST",
      sent: { headers: json, body: JSON.stringify("b".repeat(70_000)) },
      status: 405,
    },
  ])("$name: $status", async ({ method, sent, status }) => {
    expect(await ask(method, sent)).toBe(status);
  });

  it("bounds its connections and how long a request takes to come in", () => {
    expect(api.server.maxConnections).toBe(2_000);
    expect([api.server.requestTimeout, api.server.headersTimeout]).toEqual([15_000, 10_000]);
  });
});
