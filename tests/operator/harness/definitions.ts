/** Our kinds on an API server: their definitions applied, and served. */
import { readdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { KubeClient, KubeObject, ResourceType } from "@lmos/kube";
import { parse } from "yaml";
import { z } from "zod";

const folder = new URL("../../../deploy/crds/", import.meta.url);
const { signal } = new AbortController();

const objectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional(), uid: z.string().optional() }),
});

/** Any kind of version v1, read as it comes. */
export function looseKind(
  group: string,
  kind: string,
  plural: string,
  namespaced = true,
): ResourceType<KubeObject> {
  return { group, version: "v1", kind, plural, namespaced, parse: (value) => objectSchema.parse(value) };
}

const definitionKind = looseKind(
  "apiextensions.k8s.io",
  "CustomResourceDefinition",
  "customresourcedefinitions",
  false,
);

const definitionSchema = objectSchema.extend({
  spec: z.looseObject({
    group: z.string(),
    names: z.object({ plural: z.string(), kind: z.string() }),
    versions: z.tuple([z.looseObject({ name: z.string() })]),
  }),
});

/** Applies every definition of `deploy/crds` and waits until its objects can be listed. */
export async function applyDefinitions(client: KubeClient): Promise<void> {
  for (const file of (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name))) {
    const definition = definitionSchema.parse(parse(await readFile(new URL(file, folder), "utf8")));
    await client.apply(definitionKind, definition, { fieldManager: "test", force: true, signal });
    const { group, names, versions } = definition.spec;
    await whenServed(client, { ...looseKind(group, names.kind, names.plural), version: versions[0].name });
  }
}

async function whenServed(client: KubeClient, type: ResourceType): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    try {
      await client.list(type, { limit: 1, signal });
      return;
    } catch {
      await sleep(50);
    }
  }
  throw new Error(`${type.plural} are not served`);
}
