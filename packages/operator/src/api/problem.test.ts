/** Errors in both forms. */
import { FakeClock } from "@lmos/testing";
import { describe, expect, it } from "vitest";
import { FakeCluster } from "../testing/fake-cluster.ts";
import { createReadApi } from "./read-api.ts";

const { signal } = new AbortController();
const problem = { accept: "application/problem+json, application/json" };
const cluster = new FakeCluster();
cluster.sync();
const api = createReadApi({ stores: cluster.stores, clock: new FakeClock(), signal });

const cases = [
  { name: "an unknown path", method: "GET", url: "/nope?x=1", status: 404, title: "Not Found" },
  {
    name: "a method that is not allowed",
    method: "PUT",
    url: "/apis/v1/tenants/acme/channels",
    status: 405,
    title: "Method Not Allowed",
  },
  {
    name: "a path part that is no label value",
    method: "GET",
    url: "/apis/v1/tenants/a%20b/channels",
    status: 400,
    title: "Bad Request",
  },
] as const;

describe.each(cases)("$name", ({ method, url, status, title }) => {
  it("has the original's body for those who know that", async () => {
    const reply = await api.inject({ method, url });
    expect(reply.headers["content-type"]).toContain("application/json");
    expect(reply.json()).toMatchObject({
      timestamp: "2026-01-01T00:00:00.000Z",
      status,
      error: title,
      path: url.split("?")[0],
    });
  });

  it("is a problem for those who ask for one", async () => {
    const reply = await api.inject({ method, url, headers: problem });
    expect([reply.statusCode, reply.headers["content-type"]]).toEqual([status, "application/problem+json"]);
    expect(reply.json()).toMatchObject({ type: "about:blank", title, status, instance: url.split("?")[0] });
  });
});

it("a problem names the part of the request", async () => {
  const reply = await api.inject({ url: "/apis/v1/tenants/acme/channels/a,b", headers: problem });
  expect(reply.json()).toMatchObject({
    detail: "channel is not a label value",
    field: "channel",
    value: "a,b",
  });
});

it("a watch fails with a problem, whatever is accepted", async () => {
  const reply = await api.inject("/apis/v1/tenants/a%20b/channels?watch=true");
  expect([reply.statusCode, reply.headers["content-type"]]).toEqual([400, "application/problem+json"]);
});

it("caches that are not filled say when to come back", async () => {
  const empty = createReadApi({ stores: new FakeCluster().stores, clock: new FakeClock(), signal });
  const reply = await empty.inject("/apis/v1/tenants/acme/channels");
  expect([reply.statusCode, reply.headers["retry-after"]]).toEqual([503, "1"]);
});
