/** Pod templates, as far as they are read. Parsing leaves the rest out. */
import { z } from "zod";

/** A port by number or by name. */
export const portSchema = z.union([z.number().int(), z.string()]);

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

/** A pod template, as far as it is read. */
export const podTemplateSchema = z.object({
  metadata: z
    .object({
      labels: z.record(z.string(), z.string()).default({}),
      annotations: z.record(z.string(), z.string()).default({}),
    })
    .default({ labels: {}, annotations: {} }),
  spec: z
    .object({ containers: z.array(containerSchema).default([]), serviceAccountName: z.string().optional() })
    .default({ containers: [] }),
});
/** A pod template, as far as it is read. */
export type PodTemplate = z.infer<typeof podTemplateSchema>;
