/** CapabilityGrant: who may provide which capabilities, in which versions, to which tenants. */
import { z } from "zod";
import { defineKind } from "./kind.ts";
import { alphaVersion, objectMetaSchema } from "./metadata.ts";

const providerSchema = z
  .object({
    namespace: z.string().max(63).describe("Namespace of the agents; * stands for any text."),
    serviceAccount: z
      .string()
      .max(253)
      .optional()
      .describe(
        "Service account that their pods run under; * stands for any text. Any unless given; an Agent without a workload has none.",
      ),
    agent: z
      .string()
      .max(253)
      .optional()
      .describe("Name of the Agents; * stands for any text. Any unless given."),
  })
  .describe("Some agents.");
/** Some agents, by where they are and who they run as. */
export type GrantedProvider = z.infer<typeof providerSchema>;

const specSchema = z
  .object({
    providers: z
      .array(providerSchema)
      .max(1000)
      .default([])
      .describe("Who is granted something: whoever is in one of these. Nobody where it is empty."),
    capabilities: z
      .array(z.string().max(253))
      .max(1000)
      .default([])
      .describe("Names of capabilities; * stands for any text. None where it is empty."),
    versions: z
      .string()
      .max(256)
      .optional()
      .describe("Range of versions, written as in a Channel's requirement. Every version unless given."),
    tenants: z
      .array(z.string().max(253))
      .max(1000)
      .default([])
      .describe("Tenants that may be served; * stands for any text. None where it is empty."),
  })
  .describe("Who may provide what to whom.");

/** Who may provide which capabilities to which tenants. */
export const capabilityGrantSchema = z.object({
  apiVersion: z.string(),
  kind: z.literal("CapabilityGrant"),
  metadata: objectMetaSchema,
  spec: specSchema.prefault({}),
});
/** Who may provide which capabilities to which tenants. */
export type CapabilityGrant = z.infer<typeof capabilityGrantSchema>;

/** The kind CapabilityGrant (short name `cg`), cluster-scoped. */
export const capabilityGrantKind = defineKind({
  kind: "CapabilityGrant",
  plural: "capabilitygrants",
  shortNames: ["cg"],
  version: alphaVersion,
  namespaced: false,
  description:
    "Who may provide which capabilities, in which versions, to which tenants. Counts where the operator runs with --grants.",
  schema: capabilityGrantSchema,
  columns: [
    // Whole: a path into the list would show the first of them only.
    { name: "Providers", type: "string", jsonPath: ".spec.providers" },
    { name: "Capabilities", type: "string", jsonPath: ".spec.capabilities" },
    { name: "Versions", type: "string", jsonPath: ".spec.versions" },
    { name: "Tenants", type: "string", jsonPath: ".spec.tenants" },
    { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
  ],
});
