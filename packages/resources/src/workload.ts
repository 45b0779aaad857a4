/** The slices of Kubernetes' own kinds that the control plane reads. Parsing leaves the rest out. */
import { z } from "zod";
import { objectMetaSchema } from "./metadata.ts";

const portSchema = z.union([z.number().int(), z.string()]);

const httpGetSchema = z.object({ path: z.string().default("/"), port: portSchema.optional() });

const containerSchema = z.object({
  name: z.string(),
  env: z.array(z.object({ name: z.string(), value: z.string().optional() })).default([]),
  ports: z.array(z.object({ name: z.string().optional(), containerPort: z.number().int() })).default([]),
  readinessProbe: z
    .object({
      httpGet: httpGetSchema.optional(),
      periodSeconds: z.number().optional(),
      timeoutSeconds: z.number().optional(),
    })
    .optional(),
});

const podTemplateSchema = z.object({
  metadata: z
    .object({
      labels: z.record(z.string(), z.string()).default({}),
      annotations: z.record(z.string(), z.string()).default({}),
    })
    .default({ labels: {}, annotations: {} }),
  spec: z.object({ containers: z.array(containerSchema).default([]) }).default({ containers: [] }),
});
/** A pod template, as far as it is read. */
export type PodTemplate = z.infer<typeof podTemplateSchema>;

const deploymentSchema = z.object({
  apiVersion: z.string(),
  kind: z.literal("Deployment"),
  metadata: objectMetaSchema,
  spec: z.object({
    replicas: z.number().int().default(1),
    selector: z.object({ matchLabels: z.record(z.string(), z.string()).default({}) }),
    template: podTemplateSchema,
  }),
  status: z
    .object({
      observedGeneration: z.number().int().optional(),
      replicas: z.number().int().default(0),
      updatedReplicas: z.number().int().default(0),
      readyReplicas: z.number().int().default(0),
      availableReplicas: z.number().int().default(0),
    })
    .optional(),
});
/** A Deployment, as far as it is read. */
export type Deployment = z.infer<typeof deploymentSchema>;

const serviceSchema = z.object({
  apiVersion: z.string(),
  kind: z.literal("Service"),
  metadata: objectMetaSchema,
  spec: z.object({
    type: z.string().optional(),
    selector: z.record(z.string(), z.string()).default({}),
    ports: z
      .array(
        z.object({
          name: z.string().optional(),
          appProtocol: z.string().optional(),
          port: z.number().int(),
          targetPort: portSchema.optional(),
        }),
      )
      .default([]),
  }),
});
/** A Service, as far as it is read. */
export type Service = z.infer<typeof serviceSchema>;

/** apps/v1 Deployment. */
export const deploymentKind = {
  group: "apps",
  version: "v1",
  kind: "Deployment",
  plural: "deployments",
  namespaced: true,
  parse: (value: unknown): Deployment => deploymentSchema.parse(value),
} as const;

/** v1 Service. */
export const serviceKind = {
  group: "",
  version: "v1",
  kind: "Service",
  plural: "services",
  namespaced: true,
  parse: (value: unknown): Service => serviceSchema.parse(value),
} as const;

/** True when every label of the selector is on the object; an empty selector selects nothing. */
export function selects(
  selector: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>>,
): boolean {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([name, value]) => labels[name] === value);
}
