import { builtinKinds, type ResourceDefinition } from "@lmos/resource-definitions";
import { describe, expect, test } from "vitest";
import { Catalogue, qualifiedResource } from "./catalogue.ts";

const [sample] = builtinKinds;

function custom(version: string): ResourceDefinition {
  if (sample === undefined) throw new Error("there are built-in kinds");
  return { ...sample, group: "example.dev", version, kind: "Widget", plural: "widgets", origin: "custom" };
}

describe("what is served", () => {
  test("is the built-in kinds, and the custom ones after them, in every version", () => {
    const catalogue = new Catalogue(builtinKinds);
    catalogue.setCustom("widgets.example.dev", [custom("v1"), custom("v2")]);
    expect(catalogue.all().length).toBe(builtinKinds.length + 2);
    expect(catalogue.all().at(-1)).toMatchObject({ version: "v2" });
    expect(catalogue.find("example.dev", "v2", "widgets")?.version).toBe("v2");
    expect(catalogue.find("", "v1", "pods")?.kind).toBe("Pod");
    expect(catalogue.find("example.dev", "v3", "widgets")).toBeUndefined();
  });

  test("changes with a definition, and is what it was before without it", () => {
    const catalogue = new Catalogue(builtinKinds);
    catalogue.setCustom("widgets.example.dev", [custom("v1")]);
    catalogue.setCustom("widgets.example.dev", [custom("v2")]);
    expect([catalogue.serves(custom("v1")), catalogue.serves(custom("v2"))]).toEqual([false, true]);
    catalogue.setCustom("widgets.example.dev", []);
    expect(catalogue.all()).toEqual(builtinKinds);
  });

  test("tells who listens that it has changed, until they stop", () => {
    const catalogue = new Catalogue(builtinKinds);
    let heard = 0;
    const stop = catalogue.subscribe(() => {
      heard += 1;
    });
    catalogue.setCustom("a", [custom("v1")]);
    stop();
    catalogue.setCustom("a", []);
    expect(heard).toBe(1);
  });

  test.each([
    { group: "", plural: "pods", name: "pods" },
    { group: "apps", plural: "deployments", name: "deployments.apps" },
  ])("$name has a name with its group", ({ group, plural, name }) => {
    expect(qualifiedResource({ group, plural })).toBe(name);
  });
});
