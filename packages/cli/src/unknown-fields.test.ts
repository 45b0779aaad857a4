import { readFile } from "node:fs/promises";
import { customKinds } from "@lmos/resources";
import { describe, expect, it } from "vitest";
import { parseManifests } from "./manifests.ts";
import { unknownFieldsOf } from "./unknown-fields.ts";

const apiVersion = "lmos.eclipse/v1";
const metadata = { name: "x", labels: { any: "label" }, annotations: { any: "annotation" } };

describe("a field that no schema knows", () => {
  it.each([
    {
      name: "a member of the spec",
      object: { kind: "Channel", spec: { requiredCapabilites: [] } },
      fields: ["spec.requiredCapabilites"],
    },
    {
      name: "a member of an item",
      object: {
        kind: "Channel",
        spec: {
          requiredCapabilities: [
            { name: "a", version: "1.0.0" },
            { name: "b", versoin: "1" },
          ],
        },
      },
      fields: ["spec.requiredCapabilities[1].versoin"],
    },
    { name: "the spec itself", object: { kind: "Agent", sepc: { supportedChannels: [] } }, fields: ["sepc"] },
    {
      name: "several, in order",
      object: { kind: "Agent", spec: { z: 1, a: 1, supportedChannels: ["web"] } },
      fields: ["spec.a", "spec.z"],
    },
    {
      name: "none where all is known",
      object: { kind: "Agent", spec: { supportedChannels: ["web"] } },
      fields: [],
    },
    {
      name: "none of a foreign kind",
      object: { apiVersion: "v1", kind: "Channel", spec: { other: 1 } },
      fields: [],
    },
    {
      name: "none of another version",
      object: { apiVersion: "lmos.eclipse/v9", kind: "Channel", spec: { other: 1 } },
      fields: [],
    },
  ])("$name", ({ object, fields }) => {
    expect(unknownFieldsOf({ apiVersion, metadata, ...object })).toEqual(fields);
  });

  it.each(customKinds)("is found in a $kind", ({ kind, group, version }) => {
    expect(
      unknownFieldsOf({ apiVersion: `${group}/${version}`, kind, metadata, spec: { notAField: 1 } }),
    ).toEqual(["spec.notAField"]);
  });

  it.each(["agents", "channels"])("is not in the example's %s", async (name) => {
    const path = new URL(`../../../examples/acme/${name}.yaml`, import.meta.url);
    const manifests = parseManifests(await readFile(path, "utf8"), name);
    expect(manifests.flatMap((manifest) => unknownFieldsOf(manifest))).toEqual([]);
  });
});
