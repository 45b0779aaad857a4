/** The read API beside what the Kotlin operator answered on the same objects (recorded). */
import { readFileSync } from "node:fs";
import { channelKind, channelRoutingKind } from "@lmos/resources";
import { FakeClock } from "@lmos/testing";
import { Registry } from "prom-client";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { FakeCluster } from "../testing/fake-cluster.ts";
import { channelOf } from "../testing/objects.ts";
import { createManagementApi } from "./management.ts";
import { createReadApi } from "./read-api.ts";

const { signal } = new AbortController();

const recordings = z
  .array(
    z.object({
      name: z.string(),
      request: z.object({
        method: z.enum(["GET", "POST", "HEAD", "OPTIONS"]),
        path: z.string(),
        headers: z.record(z.string(), z.string()),
      }),
      response: z.object({
        status: z.number(),
        headers: z.record(z.string(), z.string()),
        raw: z.string().optional(),
      }),
    }),
  )
  .parse(readTestdata("kotlin-rest.json"));
const objects = z
  .object({ items: z.array(z.looseObject({ kind: z.string() })) })
  .parse(readTestdata("kotlin-objects.json"));

/** Answered with 400 instead: what is not a label value is refused (W20). */
const refused: Readonly<Record<string, { readonly field: string; readonly value: string }>> = {
  "channels, invalid namespace": { field: "x-namespace", value: "a/b" },
  "channels, tenant with bad label chars": { field: "tenant", value: "a b" },
  "channels, tenant with selector chars": { field: "tenant", value: "acme,channel=web" },
};

const cluster = new FakeCluster();
const server = createReadApi({ stores: cluster.stores, clock: new FakeClock(), signal });

beforeAll(() => {
  const ofKind = (kind: string) => objects.items.filter((item) => item.kind === kind);
  cluster.channels.replaceAll(ofKind("Channel").map(channelKind.parse));
  cluster.routings.replaceAll(ofKind("ChannelRouting").map(channelRoutingKind.parse));
});

describe("answers as recorded", () => {
  const answered = recordings.filter(({ name }) => !name.startsWith("mgmt ") && refused[name] === undefined);
  it.each(answered)("$name", async ({ request, response }) => {
    const reply = await server.inject({
      method: request.method,
      url: request.path,
      headers: request.headers,
    });
    expect(reply.statusCode).toBe(response.status);
    expect(withoutTime(reply.body)).toBe(withoutTime(response.raw ?? ""));
    for (const header of ["allow", "accept", "accept-patch", "content-type"]) {
      const wanted = response.headers[header];
      if (wanted !== undefined && response.raw !== "") expect(String(reply.headers[header])).toBe(wanted);
    }
  });

  it("covers every recording of the read API", () => {
    expect(answered).toHaveLength(25);
  });
});

describe("what was not recorded is answered as Spring answers it", () => {
  const channels = "/apis/v1/tenants/acme/channels";
  const spring = (status: number, error: string, path: string) => ({
    status,
    type: "application/json",
    body: { timestamp: expect.any(String), status, error, path },
  });
  const rows: readonly {
    readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";
    readonly url: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly payload?: string;
    readonly answer: ReturnType<typeof spring>;
  }[] = [
    ...(["POST", "PUT", "PATCH", "DELETE"] as const).map((method) => ({
      method,
      url: channels,
      headers: { "content-type": "text/xml" },
      payload: "<half",
      answer: spring(405, "Method Not Allowed", channels),
    })),
    {
      method: "POST",
      url: `${channels}/web/routing`,
      headers: { "content-type": "application/json" },
      payload: "{",
      answer: spring(405, "Method Not Allowed", `${channels}/web/routing`),
    },
    { method: "GET", url: `${channels}/web/`, answer: spring(404, "Not Found", `${channels}/web/`) },
    {
      method: "GET",
      url: "/apis/v1/Tenants/acme/channels",
      answer: spring(404, "Not Found", "/apis/v1/Tenants/acme/channels"),
    },
    { method: "POST", url: "/nope", payload: "x", answer: spring(404, "Not Found", "/nope") },
    { method: "OPTIONS", url: "/nope", answer: spring(404, "Not Found", "/nope") },
    {
      method: "GET",
      url: "/apis/v1/tenants/%zz/channels",
      answer: spring(400, "Bad Request", "/apis/v1/tenants/%zz/channels"),
    },
  ];
  it.each(rows)("$method $url", async ({ method, url, headers = {}, payload, answer }) => {
    const reply = await server.inject({ method, url, headers, ...(payload !== undefined && { payload }) });
    const { statusCode: status, headers: sent, body } = reply;
    expect({ status, type: sent["content-type"], body: JSON.parse(body) }).toEqual(answer);
  });

  it("a path that is too long is 414, in the same shape", async () => {
    const reply = await server.inject(`/apis/v1/tenants/${"a".repeat(600)}/channels`);
    expect([reply.statusCode, JSON.parse(reply.body)]).toMatchObject([414, { status: 414, path: /tenants/ }]);
  });
});

describe("media types", () => {
  const path = "/apis/v1/tenants/acme/channels/web/routing";
  it.each([
    { accept: "application/json", status: 200 },
    { accept: "APPLICATION/JSON; charset=utf-8", status: 200 },
    { accept: "text/html, application/*;q=0.5", status: 200 },
    { accept: "text/html,*/*;q=0.1", status: 200 },
    { accept: "", status: 200 },
    { accept: "application/problem+json", status: 200 },
    { accept: "application/json;q=0", status: 406 },
    { accept: "application/json;q=0, */*", status: 200 },
    { accept: "text/html", status: 406 },
    { accept: "application/json-patch+json", status: 406 },
    { accept: "application/jsonl", status: 406 },
    { accept: "text/*", status: 406 },
    { accept: "nonsense", status: 406 },
  ])("$accept is answered with $status", async ({ accept, status }) => {
    const reply = await server.inject({ url: path, headers: { accept } });
    expect(reply.statusCode).toBe(status);
    if (status === 406) expect([reply.body, reply.headers["accept"]]).toEqual(["", "application/json"]);
  });
});

describe("what is asked for is compared exactly", () => {
  const channels = "/apis/v1/tenants/acme/channels";
  it.each([
    { name: "a tenant in another case", url: "/apis/v1/tenants/Acme/channels", headers: {}, body: "[]" },
    { name: "a subset in another case", url: channels, headers: { "x-subset": "Stable" }, body: "[]" },
    { name: "a channel in another case", url: `${channels}/Web`, headers: {}, body: "" },
    {
      name: "a channel of another namespace",
      url: `${channels}/web`,
      headers: { "x-namespace": "other" },
      body: "",
    },
    {
      name: "a routing of another namespace",
      url: `${channels}/web/routing`,
      headers: { "x-namespace": "other" },
      body: "",
    },
    {
      name: "a routing of the empty subset",
      url: `${channels}/web/routing`,
      headers: { "x-subset": "" },
      body: "",
    },
  ])("$name", async ({ url, headers, body }) => {
    const reply = await server.inject({ url, headers });
    expect([reply.statusCode, reply.body]).toEqual([body === "" ? 404 : 200, body]);
    expect(reply.headers["content-type"]).toBe(body === "" ? undefined : "application/json");
  });

  it.each([
    { url: `${channels}/web`, status: 200 },
    { url: `${channels}/nope`, status: 404 },
    { url: `${channels}/nope/routing`, status: 404 },
  ])("HEAD $url has no body and the status $status of its GET", async ({ url, status }) => {
    const reply = await server.inject({ method: "HEAD", url });
    expect([reply.statusCode, reply.body]).toEqual([status, ""]);
  });

  it("what stands behind the question mark changes nothing, nor does an encoded letter", async () => {
    const plain = await server.inject(`${channels}/web`);
    const same = await server.inject("/apis/v1/tenants/%61cme/channels/web?pretty=true&watch=false");
    expect([same.statusCode, same.body]).toEqual([200, plain.body]);
  });
});

describe("the recorded answers of health and information", () => {
  const good = { isGood: true, faults: [] };
  const management = createManagementApi({
    registry: new Registry(),
    liveness: () => good,
    readiness: () => good,
  });
  const recorded = recordings.filter(({ name }) => name.startsWith("mgmt "));

  it.each(recorded)("$name", async ({ request, response }) => {
    const reply = await management.inject({ method: "GET", url: request.path });
    expect([reply.statusCode, reply.body]).toEqual([response.status, response.raw]);
    expect(reply.headers["content-type"]).toBe(response.headers["content-type"]);
  });

  it("are four, so that all 32 recordings are replayed", () => {
    expect([recorded.length, recordings.length]).toEqual([4, 32]);
  });
});

describe("refuses what is not a label value", () => {
  it.each(recordings.filter(({ name }) => refused[name] !== undefined))(
    "$name",
    async ({ name, request }) => {
      const reply = await server.inject({ method: "GET", url: request.path, headers: request.headers });
      expect(reply.statusCode).toBe(400);
      expect(reply.json()).toMatchObject({ status: 400, error: "Bad Request", ...refused[name] });
    },
  );

  it.each([
    {
      name: "a channel with a slash",
      url: "/apis/v1/tenants/acme/channels/a%2Fb",
      headers: {},
      field: "channel",
    },
    {
      name: "a subset with a comma",
      url: "/apis/v1/tenants/acme/channels",
      headers: { "x-subset": "a,b" },
      field: "x-subset",
    },
    {
      name: "an empty namespace",
      url: "/apis/v1/tenants/acme/channels",
      headers: { "x-namespace": "" },
      field: "x-namespace",
    },
    {
      name: "a tenant of 64 characters",
      url: `/apis/v1/tenants/${"a".repeat(64)}/channels`,
      headers: {},
      field: "tenant",
    },
  ])("$name", async ({ url, headers, field }) => {
    const reply = await server.inject({ method: "GET", url, headers });
    expect(reply.json()).toMatchObject({ status: 400, field });
  });
});

it("leaves out what the original resources do not have", async () => {
  const extended = new FakeCluster();
  const channel = channelOf("acme-web-stable", ["bill@^1.0.0"]);
  const unresolved = { ...channel.spec.requiredCapabilities[0], name: "bill", version: "^1.0.0" };
  const status = {
    resolveStatus: "UNRESOLVED",
    unresolvedRequiredCapabilities: [{ ...unresolved, reason: "NoProvider", message: "nobody" }],
    resolved: "0/1",
  };
  extended.channels.replaceAll([channelKind.parse({ ...channel, status })]);
  extended.routings.replaceAll([]);
  const api = createReadApi({ stores: extended.stores, clock: new FakeClock(), signal });
  const reply = await api.inject("/apis/v1/tenants/acme/channels/web");
  expect(reply.json()).toMatchObject({ status: { resolveStatus: "UNRESOLVED" } });
  expect(reply.json().status).toEqual({
    resolveStatus: "UNRESOLVED",
    unresolvedRequiredCapabilities: [{ id: "", name: "bill", version: "^1.0.0", strategy: "HIGHEST" }],
  });
});

describe("metadata as the original writes it, which has them all", () => {
  const metadata = {
    annotations: {},
    creationTimestamp: "2026-01-01T00:00:00Z",
    deletionGracePeriodSeconds: 0,
    deletionTimestamp: "2026-01-02T00:00:00Z",
    finalizers: ["example.com/hold"],
    generateName: "acme-",
    generation: 2,
    labels: { tenant: "acme", channel: "web", subset: "stable" },
    name: "acme-web",
    namespace: "default",
    ownerReferences: [
      { uid: "o", name: "owner", kind: "App", apiVersion: "v1", controller: true, blockOwnerDeletion: false },
      { uid: "p", name: "other", kind: "App", apiVersion: "v1" },
    ],
    resourceVersion: "7",
    uid: "u",
    managedFields: [{ manager: "kubectl" }],
  };
  const owners =
    '"ownerReferences":[{"apiVersion":"v1","kind":"App","blockOwnerDeletion":false,"controller":true,"name":"owner","uid":"o"},' +
    '{"apiVersion":"v1","kind":"App","name":"other","uid":"p"}],';
  const written = (between: string): string =>
    '"metadata":{"creationTimestamp":"2026-01-01T00:00:00Z","deletionGracePeriodSeconds":0,' +
    '"deletionTimestamp":"2026-01-02T00:00:00Z","finalizers":["example.com/hold"],"generateName":"acme-",' +
    '"generation":2,"labels":{"tenant":"acme","channel":"web","subset":"stable"},"name":"acme-web",' +
    `"namespace":"default",${between}"resourceVersion":"7","uid":"u"}`;
  const owned = new FakeCluster();
  owned.channels.replaceAll([channelKind.parse({ ...channelOf("acme-web", []), metadata })]);
  owned.routings.replaceAll([
    channelRoutingKind.parse({ apiVersion: "lmos.eclipse/v1", kind: "ChannelRouting", metadata }),
  ]);
  const api = createReadApi({ stores: owned.stores, clock: new FakeClock(), signal });

  it.each([
    { name: "a channel with its owners", path: "", metadata: written(owners) },
    { name: "a routing without them", path: "/routing", metadata: written("") },
  ])("$name", async ({ path, metadata: expected }) => {
    const reply = await api.inject(`/apis/v1/tenants/acme/channels/web${path}`);
    expect(reply.body).toContain(`${expected},"spec"`);
  });
});

it("finds a channel without a subset label as stable", async () => {
  const unlabelled = new FakeCluster();
  const channel = channelOf("acme", []);
  const labels = { tenant: "acme", channel: "app" };
  unlabelled.channels.replaceAll([{ ...channel, metadata: { ...channel.metadata, labels } }]);
  unlabelled.routings.replaceAll([]);
  const api = createReadApi({ stores: unlabelled.stores, clock: new FakeClock(), signal });
  expect((await api.inject("/apis/v1/tenants/acme/channels/app")).statusCode).toBe(200);
});

it("gives the routing of the oldest of several channels of one identity", async () => {
  const contested = new FakeCluster();
  const named = (name: string, creationTimestamp: string) => {
    const channel = channelOf(name, []);
    return { ...channel, metadata: { ...channel.metadata, creationTimestamp } };
  };
  const channels = [named("older", "2026-01-01T00:00:00Z"), named("younger", "2026-01-02T00:00:00Z")];
  contested.channels.replaceAll(channels);
  const routings = channels.map(({ metadata }) => ({
    kind: "ChannelRouting",
    apiVersion: "lmos.eclipse/v1",
    metadata,
  }));
  const swapped = routings.map((one, index) => ({
    ...one,
    metadata: { ...one.metadata, creationTimestamp: channels[1 - index]?.metadata.creationTimestamp },
  }));
  contested.routings.replaceAll(swapped.map(channelRoutingKind.parse));
  const api = createReadApi({ stores: contested.stores, clock: new FakeClock(), signal });
  const reply = await api.inject("/apis/v1/tenants/acme/channels/web/routing");
  expect(reply.json()).toMatchObject({ metadata: { name: "older" } });
});

it("is not available before the stores have synced", async () => {
  const api = createReadApi({ stores: new FakeCluster().stores, clock: new FakeClock(), signal });
  const reply = await api.inject("/apis/v1/tenants/acme/channels");
  expect(reply.json()).toMatchObject({ status: 503, error: "Service Unavailable" });
});

function readTestdata(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../testdata/${name}`, import.meta.url), "utf8"));
}

function withoutTime(body: string): string {
  return body.replace(/^\{"timestamp":"[^"]+"/, '{"timestamp":""');
}
