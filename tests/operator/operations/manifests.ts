/** The manifests of deploy/kubernetes as kubectl renders them. */
import { fileURLToPath } from "node:url";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import type { Kubectl } from "./kubectl.ts";
import { insisting } from "./kubectl.ts";

/** The folder of an overlay. */
export function overlayPath(overlay: string): string {
  return fileURLToPath(new URL(`../../../deploy/kubernetes/${overlay}`, import.meta.url));
}

const objectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});
/** An object as it is rendered. */
export type Rendered = z.infer<typeof objectSchema>;

const deploymentSchema = objectSchema.extend({
  spec: z.looseObject({
    replicas: z.number(),
    template: z.looseObject({
      metadata: z.looseObject({ labels: z.record(z.string(), z.string()) }),
      spec: z.looseObject({
        serviceAccountName: z.string(),
        containers: z.tuple([z.looseObject({ args: z.array(z.string()), image: z.string() })]),
      }),
    }),
  }),
});
/** A Deployment as it is rendered. */
export type RenderedDeployment = z.infer<typeof deploymentSchema>;

/** All objects of an overlay. */
export async function render(kubectl: Kubectl, overlay: string): Promise<readonly Rendered[]> {
  const text = await insisting(kubectl)(["kustomize", overlayPath(overlay)]);
  return parseAllDocuments(text).map((document) => objectSchema.parse(document.toJS()));
}

/** The Deployments among them. */
export function deploymentsOf(objects: readonly Rendered[]): readonly RenderedDeployment[] {
  return objects.filter(({ kind }) => kind === "Deployment").map((object) => deploymentSchema.parse(object));
}

/** A Pod of a Deployment's template. */
export function podOf({ metadata, spec }: RenderedDeployment): Rendered {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `${metadata.name}-pod`,
      namespace: metadata.namespace,
      labels: spec.template.metadata.labels,
    },
    spec: spec.template.spec,
  };
}
