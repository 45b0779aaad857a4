/** Services, as far as they are read. Parsing leaves the rest out. */
import { z } from "zod";
import { objectMetaSchema } from "./metadata.ts";
import { portSchema } from "./pod-template.ts";
import { readAs } from "./reading.ts";

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

/** v1 Service. */
export const serviceKind = {
  group: "",
  version: "v1",
  kind: "Service",
  plural: "services",
  namespaced: true,
  parse: (value: unknown): Service => readAs(serviceSchema, value),
} as const;

/** True when every label of the selector is on the object; an empty selector selects nothing. */
export function selects(
  selector: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>>,
): boolean {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([name, value]) => labels[name] === value);
}
