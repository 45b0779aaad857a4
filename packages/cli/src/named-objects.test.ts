import type { ResourceType } from "@lmos/kube";
import { describe, expect, it } from "vitest";
import { findKind, manifestsOf, parseNamedObjects } from "./named-objects.ts";

describe("objects that a command line names", () => {
  it.each([
    { name: "a kind and a name", words: ["channel", "a"], kind: "channel", names: ["a"] },
    { name: "a kind and several names", words: ["ch", "a", "b"], kind: "ch", names: ["a", "b"] },
    { name: "both in one word", words: ["channel/a"], kind: "channel", names: ["a"] },
    { name: "several such words", words: ["ag/a", "ag/b"], kind: "ag", names: ["a", "b"] },
  ])("are $name", ({ words, kind, names }) => {
    expect(parseNamedObjects(words)).toEqual({ kind, names });
  });

  it.each([
    { name: "nothing", words: [], says: /name what is meant/ },
    { name: "a kind alone", words: ["channel"], says: /name what is meant/ },
    { name: "a kind and a slash", words: ["channel/"], says: /name what is meant/ },
    { name: "a slash and a name", words: ["/a"], says: /name what is meant/ },
    { name: "an empty name", words: ["channel", ""], says: /name what is meant/ },
    { name: "two kinds", words: ["channel/a", "agent/b"], says: /"agent\/b" is not channel\/NAME/ },
    { name: "a name without its kind", words: ["channel/a", "b"], says: /"b" is not channel\/NAME/ },
    { name: "a name with a slash", words: ["channel/a/b"], says: /"channel\/a\/b" is not channel\/NAME/ },
  ])("are not $name", ({ words, says }) => {
    expect(() => parseNamedObjects(words)).toThrow(says);
  });
});

const type = (group: string, kind: string, plural: string, namespaced = true): ResourceType => ({
  ...{ group, version: "v1", kind, plural, namespaced },
  parse: () => {
    throw new TypeError("nothing is read here");
  },
});
const served: Readonly<Record<string, readonly ResourceType[]>> = {
  "lmos.eclipse/v1alpha1": [type("lmos.eclipse", "Tenant", "tenants", false)],
  "lmos.eclipse/v1": [type("lmos.eclipse", "Channel", "channels")],
  "apps/v1": [type("apps", "Deployment", "deployments")],
  v1: [type("", "ConfigMap", "configmaps"), type("", "Namespace", "namespaces", false)],
};
const client = { discover: async (apiVersion: string) => served[apiVersion] ?? [] };
const { signal } = new AbortController();

describe("a kind", () => {
  it.each([
    { word: "channel", found: "lmos.eclipse/v1 Channel" },
    { word: "Channels", found: "lmos.eclipse/v1 Channel" },
    { word: "ch", found: "lmos.eclipse/v1 Channel" },
    { word: "ten", found: "lmos.eclipse/v1alpha1 Tenant" },
    { word: "deployments", found: "apps/v1 Deployment" },
    { word: "Deployment", found: "apps/v1 Deployment" },
    { word: "configmap", found: "v1 ConfigMap" },
  ])("is found by $word", async ({ word, found }) => {
    const { apiVersion, type } = await findKind(client, word, { signal });
    expect(`${apiVersion} ${type.kind}`).toBe(found);
  });

  it.each(["pod", "", "agents"])("is not found where the server serves none: %j", async (word) => {
    await expect(findKind(client, word, { signal })).rejects.toThrow(
      `the API server serves no kind ${JSON.stringify(word)} in lmos.eclipse/v1alpha1, lmos.eclipse/v1, apps/v1, v1`,
    );
  });

  it("has its namespace where it has one", async () => {
    const namespaced = await findKind(client, "channel", { signal });
    const cluster = await findKind(client, "tenant", { signal });
    expect([
      ...manifestsOf(["a", "b"], { ...namespaced, namespace: "shop" }),
      ...manifestsOf(["c"], { ...cluster, namespace: "shop" }),
    ]).toEqual([
      { apiVersion: "lmos.eclipse/v1", kind: "Channel", metadata: { name: "a", namespace: "shop" } },
      { apiVersion: "lmos.eclipse/v1", kind: "Channel", metadata: { name: "b", namespace: "shop" } },
      { apiVersion: "lmos.eclipse/v1alpha1", kind: "Tenant", metadata: { name: "c" } },
    ]);
  });
});
