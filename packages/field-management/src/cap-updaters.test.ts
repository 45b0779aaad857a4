import { metadataOf } from "@lmos/kubernetes-syntax";
import { type JsonObject, listAt } from "@lmos/primitives";
import { expect, test } from "vitest";
import { recordUpdate } from "./record-update.ts";

function writtenBy(managers: string): JsonObject {
  let object: JsonObject | undefined;
  for (const [index, manager] of [...managers].entries()) {
    const data = Object.fromEntries([...managers.slice(0, index + 1)].map((key) => [key, "1"]));
    const after = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "it" }, data };
    const time = `2026-01-01T00:00:${String(index).padStart(2, "0")}Z`;
    object = recordUpdate({ before: object, after, manager, subresource: "", schema: undefined, time });
  }
  return object ?? {};
}

function entries(object: JsonObject): readonly string[] {
  return listAt(metadataOf(object), "managedFields").map((entry) => {
    const { manager, time, fieldsV1 } = Object(entry);
    const keys = Object.keys(fieldsV1["f:data"]).filter((key) => key !== ".");
    return `${manager} ${keys.join()} ${String(time).slice(17, 19)}`;
  });
}

// As kube-apiserver 1.34.4 does for the same writes.
test.each([
  ["ten updaters are kept apart", "abcdefghij", "a f:a 00"],
  ["the eleventh puts the first two together", "abcdefghijk", "ancient-changes f:a,f:b 01"],
  ["so does each one more", "abcdefghijklm", "ancient-changes f:a,f:b,f:c,f:d 03"],
])("%s", (_name, managers, first) => {
  const found = entries(writtenBy(managers));
  expect(found).toHaveLength(10);
  expect(found[0]).toBe(first);
});
