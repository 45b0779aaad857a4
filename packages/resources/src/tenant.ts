/** Tenant: who a tenant is, where its objects may lie, and how much it may have. */
import { z } from "zod";
import { defineKind } from "./kind.ts";
import { alphaVersion, objectMetaSchema } from "./metadata.ts";

const specSchema = z
  .object({
    id: z
      .string()
      .max(63)
      .optional()
      .describe(
        "The tenant as labels of Channels name it; the object's name unless given. Compared exactly.",
      ),
    namespaces: z
      .array(z.string().max(63))
      .max(1000)
      .default([])
      .describe(
        "Namespaces whose Channels may be this tenant's; * stands for any text. None where it is empty.",
      ),
    channels: z
      .array(z.string().max(63))
      .max(1000)
      .default(["*"])
      .describe(
        "Channels (label channel) that the tenant may have; * stands for any text. Every one unless given.",
      ),
    quota: z
      .object({
        channels: z
          .number()
          .int()
          .optional()
          .describe("At most so many Channels are wired, the oldest first."),
        agents: z
          .number()
          .int()
          .optional()
          .describe("At most so many Agents of its namespaces may serve the tenant, the oldest first."),
      })
      .optional()
      .describe("How much the tenant may have; without bounds unless given."),
  })
  .describe("Where the tenant's objects may lie, and how many there may be.");

/** A tenant as the administrators of a cluster know it. */
export const tenantSchema = z.object({
  apiVersion: z.string(),
  kind: z.literal("Tenant"),
  metadata: objectMetaSchema,
  spec: specSchema.prefault({}),
});
/** A tenant as the administrators of a cluster know it. */
export type Tenant = z.infer<typeof tenantSchema>;

/** The tenant as labels of Channels name it. */
export function tenantIdOf({ metadata, spec }: Tenant): string {
  return spec.id || metadata.name;
}

/** The kind Tenant (short name `ten`), cluster-scoped. */
export const tenantKind = defineKind({
  kind: "Tenant",
  plural: "tenants",
  shortNames: ["ten"],
  version: alphaVersion,
  namespaced: false,
  description:
    "A tenant: the namespaces whose Channels are its own, and how much it may have. Counts where the operator runs with --grants.",
  schema: tenantSchema,
  columns: [
    { name: "Namespaces", type: "string", jsonPath: ".spec.namespaces" },
    { name: "Channels", type: "string", jsonPath: ".spec.channels" },
    { name: "Max_Channels", type: "integer", jsonPath: ".spec.quota.channels" },
    { name: "Max_Agents", type: "integer", jsonPath: ".spec.quota.agents" },
    { name: "Id", type: "string", jsonPath: ".spec.id", priority: 1 },
    { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
  ],
});
