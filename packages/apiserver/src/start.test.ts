import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FakeClock } from "@lmos/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { createTestClient, openTestServer } from "./testing/client.ts";
import { widgetDefinition } from "./testing/widgets.ts";

const clock = new FakeClock();
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "lmos-apiserver-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe("a server", () => {
  test("keeps objects, versions, kinds, certificate and token over a restart", async () => {
    const first = await openTestServer(directory, { clock });
    const before = createTestClient(first);
    await before.send("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", {
      body: widgetDefinition,
    });
    const body = { apiVersion: "example.dev/v1", kind: "Widget", metadata: { name: "w" }, spec: {} };
    await before.send("POST", "/apis/example.dev/v1/namespaces/default/widgets", { body });
    const paths = [
      "/apis/example.dev/v1/widgets",
      "/api/v1/namespaces",
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
    ];
    const read = (client: typeof before) =>
      Promise.all(paths.map(async (path) => (await client.send("GET", path)).text));
    const texts = await read(before);
    await first[Symbol.asyncDispose]();

    await using second = await openTestServer(directory, { clock });
    await using after = createTestClient(second);
    expect(await read(after)).toEqual(texts);
    expect(second.token).toBe(first.token);
    expect(second.certificateAuthority).toBe(first.certificateAuthority);
  });

  test("asks for its token everywhere but on the health paths", async () => {
    await using server = await openTestServer(directory, { clock });
    await using stranger = createTestClient({ ...server, token: "guess" });
    const { status, object } = await stranger.send("GET", "/api/v1/namespaces");
    expect(status).toBe(401);
    expect(object).toMatchObject({ kind: "Status", reason: "Unauthorized", code: 401 });
    for (const path of ["/healthz", "/livez", "/readyz"]) {
      expect((await stranger.send("GET", path)).text).toBe("ok");
    }
  });

  test("stops although a client has connected and says nothing", async () => {
    const server = await openTestServer(directory, { clock });
    const silent = connect(server.port, "127.0.0.1");
    await once(silent, "connect");
    const closed = once(silent, "close");
    await server[Symbol.asyncDispose]();
    await closed;
  });

  test("keeps its secrets to its user", async () => {
    await using _server = await openTestServer(directory, { clock });
    for (const file of ["token", "server.key"])
      expect(statSync(join(directory, file)).mode & 0o777).toBe(0o600);
  });

  test("describes itself in a kubeconfig", async () => {
    await using server = await openTestServer(directory, { clock });
    const config = parse(server.kubeconfig);
    expect(config["current-context"]).toBe("lmos");
    expect(config.contexts[0].context.namespace).toBe("default");
    expect(config.clusters[0].cluster.server).toBe(server.url);
    expect(Buffer.from(config.clusters[0].cluster["certificate-authority-data"], "base64").toString()).toBe(
      server.certificateAuthority,
    );
  });

  test("says who holds a folder that is in use", async () => {
    await using _first = await openTestServer(directory, { clock });
    const second = openTestServer(directory, { clock });
    await expect(second).rejects.toMatchObject({
      code: "DirectoryInUse",
      message: `${directory} is in use by process ${process.pid}`,
    });
    expect(readFileSync(join(directory, "holder.pid"), "utf8")).toBe(`${process.pid}\n`);
  });

  test("says when its port is taken, and leaves the folder free", async () => {
    const other = mkdtempSync(join(tmpdir(), "lmos-apiserver-"));
    await using first = await openTestServer(other, { clock });
    await expect(openTestServer(directory, { clock, port: first.port })).rejects.toMatchObject({
      code: "PortInUse",
    });
    await using _again = await openTestServer(directory, { clock });
    rmSync(other, { recursive: true, force: true });
  });
});

describe("discovery", () => {
  test("lists a new kind with the write that defines it", async () => {
    await using server = await openTestServer(directory, { clock });
    await using client = createTestClient(server);
    expect((await client.send("GET", "/apis/example.dev/v1")).status).toBe(404);
    await client.send("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", {
      body: widgetDefinition,
    });
    const { object } = await client.send("GET", "/apis/example.dev/v1");
    expect(object).toMatchObject({
      kind: "APIResourceList",
      groupVersion: "example.dev/v1",
      resources: [
        { name: "widgets", singularName: "widget", kind: "Widget", namespaced: true, shortNames: ["wd"] },
        { name: "widgets/status" },
      ],
    });
    const aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    const groups = await client.send("GET", "/apis", { accept: aggregated });
    expect(groups.headers["content-type"]).toBe(aggregated);
    expect(groups.text).toContain('"resource":"widgets"');
    const schemas = await client.send("GET", "/openapi/v3/apis/example.dev/v1");
    expect(schemas.text).toContain('"colour"');
  });

  test.each([
    "/version",
    "/api",
    "/apis",
    "/api/v1",
    "/apis/apps",
    "/apis/apps/v1",
    "/openapi/v3",
    "/openapi/v3/api/v1",
  ])("%s is served", async (path) => {
    await using server = await openTestServer(directory, { clock });
    await using client = createTestClient(server);
    expect((await client.send("GET", path)).status).toBe(200);
  });
});
