import type { JsonObject, JsonValue } from "@lmos/primitives";
import { FakeClock } from "@lmos/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../testing/client.ts";
import { widgetDefinition } from "../testing/widgets.ts";

const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const widgets = "/apis/example.dev/v1/namespaces/default/widgets";
const definition = `${definitions}/widgets.example.dev`;

let api: TestServer;
beforeEach(async () => {
  api = await startTestServer({ clock: new FakeClock() });
  await api.send("POST", definitions, { body: JSON.stringify(widgetDefinition) });
  await api.send("POST", widgets, { body: widget("old", { size: 3 }) });
});
afterEach(async () => api[Symbol.asyncDispose]());

function widget(name: string, spec: JsonObject): JsonObject {
  return { apiVersion: "example.dev/v1", kind: "Widget", metadata: { name }, spec };
}

async function changeSpecSchema(properties: JsonObject): Promise<void> {
  const path = "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties";
  const body: JsonValue = [{ op: "replace", path, value: properties }];
  const contentType = "application/json-patch+json";
  expect((await api.send("PATCH", definition, { contentType, body })).status).toBe(200);
}

const specOf = async (path: string): Promise<unknown> => (await api.send("GET", path)).object["spec"];

describe("an object that was written before its definition was changed", () => {
  test("has the new defaults, and not what is no longer described", async () => {
    expect(await specOf(`${widgets}/old`)).toEqual({ size: 3, colour: "grey" });
    await changeSpecSchema({ size: { type: "integer" }, shape: { type: "string", default: "round" } });
    expect(await specOf(`${widgets}/old`)).toEqual({ size: 3, shape: "round" });
  });

  test("is listed and watched like that too, under the version of its last write", async () => {
    const before = (await api.send("GET", `${widgets}/old`)).object["metadata"];
    await changeSpecSchema({
      size: { type: "integer", default: 1 },
      shape: { type: "string", default: "round" },
    });
    const listed = (await api.send("GET", widgets)).object["items"];
    expect(listed).toMatchObject([{ metadata: before, spec: { size: 3, shape: "round" } }]);
    const hangUp = new AbortController();
    const { value } = await api.watch(`${widgets}?watch=true`, { signal: hangUp.signal }).next();
    expect(value).toMatchObject({ type: "ADDED", object: { spec: { size: 3, shape: "round" } } });
    hangUp.abort();
  });

  test("keeps what it was given when it is written again", async () => {
    await changeSpecSchema({ size: { type: "integer" }, colour: { type: "string", default: "red" } });
    const patch = { contentType: "application/merge-patch+json", body: { spec: { size: 4 } } };
    expect((await api.send("PATCH", `${widgets}/old`, patch)).object["spec"]).toEqual({
      size: 4,
      colour: "grey",
    });
  });
});

describe("a watch of a kind whose definition is deleted", () => {
  test("ends after the last object", async () => {
    const { signal } = new AbortController();
    const events = api.watch(`${widgets}?watch=true`, { signal });
    expect((await events.next()).value).toMatchObject({ type: "ADDED" });
    await api.send("DELETE", definition);
    const rest = [];
    for await (const event of events) rest.push(event["type"]);
    expect(rest).toEqual(["DELETED"]);
  });

  test("goes on while only the schema is changed", async () => {
    const hangUp = new AbortController();
    const events = api.watch(`${widgets}?watch=true`, { signal: hangUp.signal });
    expect((await events.next()).value).toMatchObject({ type: "ADDED" });
    await changeSpecSchema({ size: { type: "integer" } });
    await api.send("POST", widgets, { body: widget("new", { size: 1 }) });
    expect((await events.next()).value).toMatchObject({
      type: "ADDED",
      object: { metadata: { name: "new" } },
    });
    hangUp.abort();
  });
});
