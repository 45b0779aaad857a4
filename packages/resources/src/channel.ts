/** Channel: what one entry for users requires of the agents behind it. */
import { z } from "zod";
import { conditionsSchema, observedGenerationSchema } from "./conditions.ts";
import { defineKind } from "./kind.ts";
import { objectMetaSchema } from "./metadata.ts";

/** One capability that a channel requires. */
export const requiredCapabilitySchema = z
  .object({
    id: z.string().max(253).default("").describe("Identifier of the requirement; not used to resolve."),
    name: z.string().max(253).describe("Name of the capability; compared exactly."),
    version: z
      .string()
      .max(256)
      .describe("Range of versions, npm (>=1.0.0, ^1.2) or Ivy/Maven ([1.0,2.0[) syntax."),
    strategy: z
      .enum(["HIGHEST", "MOST_SIMILAR"])
      .default("HIGHEST")
      .describe(
        "Which of several fitting versions: the highest, or the one nearest to the range's lower bound.",
      ),
  })
  .describe("One requirement.");
/** One capability that a channel requires. */
export type RequiredCapability = z.infer<typeof requiredCapabilitySchema>;

const specSchema = z
  .object({
    requiredCapabilities: z
      .array(requiredCapabilitySchema)
      .max(1000)
      .default([])
      .describe("What the channel needs; it is activated only when all of it is provided."),
  })
  .describe("What the channel requires.");

const unresolvedSchema = requiredCapabilitySchema.extend({
  reason: z.string().max(1024).optional().describe("Why nothing was wired, as one CamelCase word."),
  message: z
    .string()
    .max(32_768)
    .optional()
    .describe("Why nothing was wired, for people, with the nearest candidates."),
});

const statusSchema = z
  .object({
    resolveStatus: z
      .enum(["RESOLVED", "UNRESOLVED"])
      .optional()
      .describe("Whether every requirement is provided."),
    unresolvedRequiredCapabilities: z
      .array(unresolvedSchema)
      .optional()
      .describe("The requirements that nothing provides, each with its cause."),
    observedGeneration: observedGenerationSchema,
    conditions: conditionsSchema.optional(),
    resolved: z.string().optional().describe("Provided and required capabilities, such as 2/2."),
    agents: z.number().int().optional().describe("How many agents the active routing wires."),
    unresolved: z
      .string()
      .optional()
      .describe("The unprovided requirements in one line, such as get-news@>=2.0.0."),
  })
  .describe("What the control plane decided.");

/** One entry for users (web, app, IVR) of a tenant, and the capabilities that it requires. */
export const channelSchema = z.object({
  apiVersion: z.string(),
  kind: z.literal("Channel"),
  metadata: objectMetaSchema,
  spec: specSchema.prefault({}),
  status: statusSchema.optional(),
});
/** One entry for users of a tenant, and the capabilities that it requires. */
export type Channel = z.infer<typeof channelSchema>;
/** What the control plane decided about a channel. */
export type ChannelStatus = z.infer<typeof statusSchema>;

/** The kind Channel (short name `ch`). */
export const channelKind = defineKind({
  kind: "Channel",
  plural: "channels",
  shortNames: ["ch"],
  description:
    "A tenant's entry for users: the capabilities that it requires. Its labels tenant, channel and subset identify it.",
  schema: channelSchema,
  columns: [
    { name: "Tenant", type: "string", jsonPath: ".metadata.labels.tenant" },
    { name: "Channel", type: "string", jsonPath: ".metadata.labels.channel" },
    { name: "Subset", type: "string", jsonPath: ".metadata.labels.subset" },
    { name: "Resolve_Status", type: "string", jsonPath: ".status.resolveStatus" },
    { name: "Resolved", type: "string", jsonPath: ".status.resolved" },
    { name: "Agents", type: "integer", jsonPath: ".status.agents" },
    { name: "Unresolved", type: "string", jsonPath: ".status.unresolved" },
    {
      name: "Reason",
      type: "string",
      jsonPath: '.status.conditions[?(@.type=="Resolved")].reason',
      priority: 1,
    },
    { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
  ],
});
