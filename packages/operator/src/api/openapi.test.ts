/** The document says what there is, and nothing else. */
import { isRecord } from "@lmos/primitives";
import { FakeClock } from "@lmos/testing";
import { describe, expect, it } from "vitest";
import { FakeCluster } from "../testing/fake-cluster.ts";
import { openApiDocument } from "./openapi.ts";
import { createReadApi } from "./read-api.ts";
import { routes } from "./routes.ts";

const { signal } = new AbortController();
const cluster = new FakeCluster();
cluster.sync();
const api = createReadApi({ stores: cluster.stores, clock: new FakeClock(), signal });
const document = openApiDocument();
const paths = isRecord(document["paths"]) ? document["paths"] : {};

/** `{name}` as Fastify writes it. */
const routed = (path: string): string => path.replace(/\{(\w+)\}/g, ":$1");

describe("the OpenAPI document", () => {
  it("names every path that is served", () => {
    const served = [...routes.map(({ url }) => url), "/openapi.json"];
    expect(Object.keys(paths).map(routed)).toEqual(served);
  });

  it.each(Object.keys(paths))("%s is served", (path) => {
    expect(api.hasRoute({ method: "GET", url: routed(path) })).toBe(true);
  });

  it("names each part of a path", () => {
    for (const [path, operations] of Object.entries(paths)) {
      const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const text = JSON.stringify(operations);
      for (const name of names) expect(text).toContain(`{"in":"path","name":"${name}","required":true`);
    }
  });

  it("refers to nothing that it does not have", () => {
    const text = JSON.stringify(document);
    const components = isRecord(document["components"]) ? document["components"] : {};
    const schemas = isRecord(components["schemas"]) ? components["schemas"] : {};
    const referred = [...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name);
    expect(new Set(referred)).toEqual(new Set(Object.keys(schemas)));
  });

  it("is served", async () => {
    const reply = await api.inject("/openapi.json");
    expect(reply.headers["content-type"]).toBe("application/json");
    expect(reply.json()).toEqual(JSON.parse(JSON.stringify(document)));
  });
});
