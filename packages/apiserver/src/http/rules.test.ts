import type { JsonObject } from "@lmos/primitives";
import { FakeClock } from "@lmos/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../testing/client.ts";
import { widgetDefinition } from "../testing/widgets.ts";

const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const widgets = "/apis/example.dev/v1/namespaces/default/widgets";

function definitionWith(rule: string): JsonObject {
  const definition: {
    spec: { versions: { schema: { openAPIV3Schema: { properties: { spec: object } } } }[] };
  } = JSON.parse(JSON.stringify(widgetDefinition));
  const spec = definition.spec.versions[0]?.schema.openAPIV3Schema.properties.spec ?? {};
  Object.assign(spec, { "x-kubernetes-validations": [{ rule }] });
  return JSON.parse(JSON.stringify(definition));
}

let api: TestServer;
beforeAll(async () => {
  api = await startTestServer({ clock: new FakeClock() });
});
afterAll(async () => api[Symbol.asyncDispose]());

const widget = (size: number): JsonObject => ({
  apiVersion: "example.dev/v1",
  kind: "Widget",
  metadata: { name: "one" },
  spec: { size },
});

test("a definition with a rule that does not compile is refused, and names the rule", async () => {
  const answer = await api.send("POST", definitions, { body: definitionWith("self.sise > 1") });
  expect(answer.status).toBe(422);
  expect(String(answer.object["message"])).toContain(
    "spec.validation.openAPIV3Schema.properties[spec].x-kubernetes-validations[0].rule: Invalid value:",
  );
  expect(String(answer.object["message"])).toContain("ERROR: <input>:1:5: undefined field 'sise'");
});

test("objects are held to the rules when they are made, replaced, patched and applied", async () => {
  const rule = "self.size < 5 && (self.size >= oldSelf.size)";
  expect((await api.send("POST", definitions, { body: definitionWith(rule) })).status).toBe(201);
  expect((await api.send("POST", widgets, { body: widget(3) })).status).toBe(201);
  const merge = "application/merge-patch+json";
  const apply = "application/apply-patch+yaml";
  const refusal = `Widget.example.dev "one" is invalid: spec: Invalid value: "object": failed rule: ${rule}`;
  const patch = (contentType: string, size: number) =>
    api.send("PATCH", `${widgets}/one?fieldManager=me${contentType === apply ? "&force=true" : ""}`, {
      contentType,
      body: widget(size),
    });
  for (const answer of [await patch(merge, 2), await patch(merge, 6), await patch(apply, 2)]) {
    expect(answer).toMatchObject({ status: 422, object: { message: refusal } });
  }
  expect((await patch(apply, 4)).status).toBe(200);
});
