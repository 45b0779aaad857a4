import { readFile } from "node:fs/promises";
import { customKinds } from "@lmos/resources";
import { expect, it } from "vitest";
import { crdFileName, crdKustomization, crdYaml } from "./crd-yaml.ts";

it.each(customKinds.map((kind) => ({ name: kind.kind, kind })))(
  "deploy/crds holds what the schema of $name says (else: npm run generate)",
  async ({ kind }) => {
    const stored = await readFile(new URL(`../../deploy/crds/${crdFileName(kind)}`, import.meta.url), "utf8");
    expect(stored).toBe(crdYaml(kind));
  },
);

it("deploy/crds lists them all for Kustomize (else: npm run generate)", async () => {
  const stored = await readFile(new URL("../../deploy/crds/Kustomization", import.meta.url), "utf8");
  expect(stored).toBe(crdKustomization(customKinds));
});
