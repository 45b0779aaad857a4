import { readFileSync } from "node:fs";
import { metadataOf } from "@lmos/kubernetes-syntax";
import { type JsonObject, objectAt, objectsAt, textAt } from "@lmos/primitives";
import { apiVersionOf, builtinKinds } from "@lmos/resource-definitions";
import { FakeClock } from "@lmos/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../testing/client.ts";

/** Objects of built-in kinds that kube-apiserver 1.34.4 was asked to create, and then to replace; what it said. */
interface Case {
  readonly name: string;
  readonly object: JsonObject;
  readonly update?: JsonObject;
  readonly status: number;
  readonly message?: string;
  readonly causes?: readonly JsonObject[];
}

const file = new URL("../testdata/recorded-builtin-rules.json", import.meta.url);
const cases: readonly Case[] = JSON.parse(readFileSync(file, "utf8"));

let api: TestServer;
beforeAll(async () => {
  api = await startTestServer({ clock: new FakeClock() });
});
afterAll(async () => api[Symbol.asyncDispose]());

function pathOf(object: JsonObject): string {
  const definition = builtinKinds.find(
    (each) => each.kind === object["kind"] && apiVersionOf(each) === object["apiVersion"],
  );
  if (definition === undefined) throw new Error(`unknown kind ${String(object["kind"])}`);
  const root = definition.group === "" ? "/api/v1" : `/apis/${definition.group}/v1`;
  return `${root}${definition.namespaced ? "/namespaces/default" : ""}/${definition.plural}`;
}

/** In an order of its own; what is drawn by lot is left out. */
function comparable(causes: readonly JsonObject[]): readonly string[] {
  return causes.map((cause) => JSON.stringify(cause).replace(/A_[a-z0-9]{5}/, "A_…")).toSorted();
}

test.each(cases)("$name", async ({ object, update, status, message, causes = [] }) => {
  const path = pathOf(object);
  const created = await api.send("POST", path, { body: object });
  const self = `${path}/${textAt(metadataOf(created.object), "name") ?? ""}`;
  const answer = update === undefined ? created : await api.send("PUT", self, { body: update });
  if (created.status < 300) await api.send("DELETE", self);
  const sorted = (found: readonly JsonObject[]) =>
    comparable(
      found.map(({ reason, message: text, field }) => ({ reason, message: text, field }) as JsonObject),
    );
  expect({
    status: answer.status,
    causes: sorted(objectsAt(objectAt(answer.object, "details"), "causes")),
  }).toEqual({
    status,
    causes: sorted(causes),
  });
  if (status === 400) expect(answer.object["message"]).toBe(message);
});
