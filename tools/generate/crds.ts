/** Writes deploy/crds/*.yaml, and the list of them that Kustomize reads, from the Zod schemas of packages/resources: `npm run generate`. */
import { mkdir, writeFile } from "node:fs/promises";
import { customKinds } from "@lmos/resources";
import { crdFileName, crdKustomization, crdYaml } from "./crd-yaml.ts";

const directory = new URL("../../deploy/crds/", import.meta.url);
await mkdir(directory, { recursive: true });
for (const kind of customKinds) {
  await writeFile(new URL(crdFileName(kind), directory), crdYaml(kind));
  process.stdout.write(`deploy/crds/${crdFileName(kind)}\n`);
}
await writeFile(new URL("Kustomization", directory), crdKustomization(customKinds));
process.stdout.write("deploy/crds/Kustomization\n");
