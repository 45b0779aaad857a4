import type { JsonObject } from "@lmos/primitives";
import { FakeClock } from "@lmos/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../testing/client.ts";
import { widgetDefinition } from "../testing/widgets.ts";

const configMaps = "/api/v1/namespaces/default/configmaps";
const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const merge = "application/merge-patch+json";

let clock: FakeClock;
let api: TestServer;
beforeEach(async () => {
  clock = new FakeClock();
  api = await startTestServer({ clock });
});
afterEach(async () => api[Symbol.asyncDispose]());

const status = async (path: string): Promise<number> => (await api.send("GET", path)).status;

/** Waits, by asking again and again, until the path answers so. */
async function settled(path: string, wanted: number): Promise<void> {
  while ((await status(path)) !== wanted);
}

async function create(name: string, metadata: JsonObject = {}): Promise<JsonObject> {
  const { object } = await api.send("POST", configMaps, { body: { metadata: { name, ...metadata } } });
  const { metadata: created } = JSON.parse(JSON.stringify(object));
  return { apiVersion: "v1", kind: "ConfigMap", name, uid: created.uid };
}

describe("owner references", () => {
  test("an object goes with its last owner, and its own dependents with it", async () => {
    const [first, second] = [await create("first"), await create("second")];
    const child = await create("child", { ownerReferences: [first, second] });
    await create("grandchild", { ownerReferences: [child] });
    await api.send("DELETE", `${configMaps}/first`);
    expect(await status(`${configMaps}/child`)).toBe(200);
    await api.send("DELETE", `${configMaps}/second`);
    await settled(`${configMaps}/child`, 404);
    await settled(`${configMaps}/grandchild`, 404);
  });

  test("an owner of the same name and another uid does not count", async () => {
    const owner = await create("owner");
    await create("child", { ownerReferences: [{ ...owner, uid: "someone-else" }] });
    await settled(`${configMaps}/child`, 404);
    expect(await status(`${configMaps}/owner`)).toBe(200);
  });

  test("an owner of a kind that is not served keeps its dependents", async () => {
    await create("child", { ownerReferences: [{ apiVersion: "x/v1", kind: "X", name: "x", uid: "u" }] });
    await create("marker", {
      ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name: "x", uid: "u" }],
    });
    await settled(`${configMaps}/marker`, 404);
    expect(await status(`${configMaps}/child`)).toBe(200);
  });

  test("foreground deletion waits for the dependents that block it", async () => {
    const owner = await create("owner");
    const blocking = { ...owner, blockOwnerDeletion: true };
    await create("child", { ownerReferences: [blocking], finalizers: ["example.dev/hold"] });
    const { object } = await api.send("DELETE", `${configMaps}/owner`, {
      body: { propagationPolicy: "Foreground" },
    });
    expect(object).toMatchObject({ metadata: { finalizers: ["foregroundDeletion"] } });
    while (!(await api.send("GET", `${configMaps}/child`)).text.includes("deletionTimestamp"));
    expect(await status(`${configMaps}/owner`)).toBe(200);
    await api.send("PATCH", `${configMaps}/child`, {
      contentType: merge,
      body: { metadata: { finalizers: null } },
    });
    await settled(`${configMaps}/owner`, 404);
    expect(await status(`${configMaps}/child`)).toBe(404);
  });

  test("orphaned dependents stay, without their owner", async () => {
    const owner = await create("owner");
    await create("child", { ownerReferences: [owner] });
    await api.send("DELETE", `${configMaps}/owner`, { body: { propagationPolicy: "Orphan" } });
    await settled(`${configMaps}/owner`, 404);
    const { object } = await api.send("GET", `${configMaps}/child`);
    expect(object).not.toHaveProperty("metadata.ownerReferences");
  });
});

describe("a namespace that is deleted", () => {
  beforeEach(async () => {
    await api.send("POST", "/api/v1/namespaces", { body: { metadata: { name: "team" } } });
    const held = { metadata: { name: "held", finalizers: ["example.dev/hold"] } };
    await api.send("POST", "/api/v1/namespaces/team/configmaps", { body: held });
    await api.send("POST", "/api/v1/namespaces/team/configmaps", { body: { metadata: { name: "free" } } });
  });

  test("takes its content with it, waits for what is held, and takes nothing new", async () => {
    const { object } = await api.send("DELETE", "/api/v1/namespaces/team");
    expect(object).toMatchObject({ status: { phase: "Terminating" } });
    const refused = await api.send("POST", "/api/v1/namespaces/team/configmaps", {
      body: { metadata: { name: "new" } },
    });
    expect(refused.status).toBe(403);
    expect(refused.object).toMatchObject({
      message:
        'configmaps "new" is forbidden: unable to create new content in namespace team because it is being terminated',
    });
    await settled("/api/v1/namespaces/team/configmaps/free", 404);
    expect(await status("/api/v1/namespaces/team")).toBe(200);
    const release = { contentType: merge, body: { metadata: { finalizers: null } } };
    await api.send("PATCH", "/api/v1/namespaces/team/configmaps/held", release);
    await settled("/api/v1/namespaces/team", 404);
  });
});

describe("a CustomResourceDefinition", () => {
  const widgets = "/apis/example.dev/v1/namespaces/default/widgets";
  const widget = { apiVersion: "example.dev/v1", kind: "Widget", metadata: { name: "w" }, spec: {} };

  test("is established with the write that makes it", async () => {
    const { object } = await api.send("POST", definitions, { body: widgetDefinition });
    expect(object).toMatchObject({
      status: {
        conditions: [
          { type: "NamesAccepted", status: "True" },
          { type: "Established", status: "True" },
        ],
        storedVersions: ["v1"],
        acceptedNames: { kind: "Widget", listKind: "WidgetList" },
      },
    });
    expect((await api.send("POST", widgets, { body: widget })).status).toBe(201);
  });

  test("takes its objects with it and is no longer served", async () => {
    await api.send("POST", definitions, { body: widgetDefinition });
    await api.send("POST", widgets, { body: widget });
    await api.send("DELETE", `${definitions}/widgets.example.dev`);
    await settled(`${definitions}/widgets.example.dev`, 404);
    expect(await status(widgets)).toBe(404);
    await api.send("POST", definitions, { body: widgetDefinition });
    expect(await status(`${widgets}/w`)).toBe(404);
  });

  test("with a name that another one has is not established and not served", async () => {
    await api.send("POST", definitions, { body: widgetDefinition });
    const { spec } = widgetDefinition;
    const names = { ...spec.names, plural: "gadgets", singular: "gadget", shortNames: [] };
    const body = { ...widgetDefinition, metadata: { name: "gadgets.example.dev" }, spec: { ...spec, names } };
    const { object } = await api.send("POST", definitions, { body });
    expect(object).toMatchObject({
      status: {
        conditions: [{ status: "False", message: '"WidgetList" is already in use' }, { status: "False" }],
      },
    });
    expect(await status("/apis/example.dev/v1/gadgets")).toBe(404);
    expect(await status(widgets)).toBe(200);
  });

  test("that is not valid says why", async () => {
    const body = { ...widgetDefinition, metadata: { name: "gadgets.example.dev" } };
    const answer = await api.send("POST", definitions, { body });
    expect(answer.status).toBe(422);
    expect(answer.object).toMatchObject({
      reason: "Invalid",
      details: { causes: [{ field: "metadata.name" }] },
    });
  });
});

test("an event goes an hour after it was last written", async () => {
  const events = "/api/v1/namespaces/default/events";
  const event = (name: string) => ({ metadata: { name }, involvedObject: {}, reason: "R", type: "Normal" });
  await api.send("POST", events, { body: event("old") });
  await api.send("POST", events, { body: event("renewed") });
  await clock.advance(1_800_000);
  await api.send("PATCH", `${events}/renewed`, { contentType: merge, body: { count: 2 } });
  await clock.advance(1_860_000);
  await settled(`${events}/old`, 404);
  expect(await status(`${events}/renewed`)).toBe(200);
});
