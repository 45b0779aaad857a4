/** The workloads that agents run as, as far as they are read: Kubernetes' own two, and Argo's Rollout. */
import { z } from "zod";
import { objectMetaSchema } from "./metadata.ts";
import { podTemplateSchema } from "./pod-template.ts";
import { readAs } from "./reading.ts";

const selectorSchema = z.object({ matchLabels: z.record(z.string(), z.string()).default({}) });

const specSchema = z.object({
  replicas: z.number().int().default(1),
  selector: selectorSchema,
  template: podTemplateSchema,
});

const countsSchema = z.object({
  observedGeneration: z.number().int().optional(),
  replicas: z.number().int().default(0),
  updatedReplicas: z.number().int().default(0),
  readyReplicas: z.number().int().default(0),
  availableReplicas: z.number().int().default(0),
});

const deploymentSchema = z.object({
  apiVersion: z.string(),
  kind: z.literal("Deployment"),
  metadata: objectMetaSchema,
  spec: specSchema,
  status: countsSchema.optional(),
});
/** A Deployment, as far as it is read. */
export type Deployment = z.infer<typeof deploymentSchema>;

const statefulSetSchema = z.object({
  apiVersion: z.string(),
  kind: z.literal("StatefulSet"),
  metadata: objectMetaSchema,
  spec: specSchema,
  status: countsSchema
    .extend({ currentRevision: z.string().optional(), updateRevision: z.string().optional() })
    .optional(),
});
/** A StatefulSet, as far as it is read. */
export type StatefulSet = z.infer<typeof statefulSetSchema>;

const noLabels = { matchLabels: {} };
const noTemplate = { metadata: { labels: {}, annotations: {} }, spec: { containers: [] } };

const rolloutSchema = z.object({
  apiVersion: z.string(),
  kind: z.literal("Rollout"),
  metadata: objectMetaSchema,
  spec: specSchema.extend({
    /** Absent, as is the template, where `workloadRef` names a Deployment that has them. */
    selector: selectorSchema.default(noLabels),
    template: podTemplateSchema.default(noTemplate),
    strategy: z
      .object({
        canary: z.object({ stableService: z.string().optional() }).nullish(),
        blueGreen: z.object({ activeService: z.string().optional() }).nullish(),
      })
      .optional(),
  }),
  status: countsSchema
    .extend({
      /** A number as text; Argo wrote a hash here before its version 1.0. */
      observedGeneration: z.union([z.string(), z.number().transform(String)]).optional(),
      phase: z.string().optional(),
      /** The hash in the labels of the pods that users reach. */
      stableRS: z.string().optional(),
      /** The selector of its pods, as text. */
      selector: z.string().optional(),
    })
    .optional(),
});
/** A Rollout of Argo Rollouts, as far as it is read. */
export type Rollout = z.infer<typeof rolloutSchema>;

/** What an agent's processes run as. */
export type Workload = Deployment | StatefulSet | Rollout;

/** apps/v1 Deployment. */
export const deploymentKind = {
  group: "apps",
  version: "v1",
  kind: "Deployment",
  plural: "deployments",
  namespaced: true,
  parse: (value: unknown): Deployment => readAs(deploymentSchema, value),
} as const;

/** apps/v1 StatefulSet. */
export const statefulSetKind = {
  group: "apps",
  version: "v1",
  kind: "StatefulSet",
  plural: "statefulsets",
  namespaced: true,
  parse: (value: unknown): StatefulSet => readAs(statefulSetSchema, value),
} as const;

/** argoproj.io/v1alpha1 Rollout; a cluster without Argo Rollouts does not have it. */
export const rolloutKind = {
  group: "argoproj.io",
  version: "v1alpha1",
  kind: "Rollout",
  plural: "rollouts",
  namespaced: true,
  parse: (value: unknown): Rollout => readAs(rolloutSchema, value),
} as const;
