/** Channel: what one entry for users requires of the agents behind it. */
import { z } from "zod";
import { conditionsSchema, observedGenerationSchema } from "./conditions.ts";
import { defineKind } from "./kind.ts";
import { objectMetaSchema } from "./metadata.ts";
import { requiredCapabilitySchema } from "./requirement.ts";
import { routingSettingsSchema } from "./routing-settings.ts";

const specSchema = z
  .object({
    requiredCapabilities: z
      .array(requiredCapabilitySchema)
      .max(1000)
      .default([])
      .describe("What the channel needs; it is activated only when all of it is provided."),
    activationPolicy: z
      .enum(["KeepLastGood", "Partial", "Fail"])
      .optional()
      .describe(
        "What becomes of the routing while something is not provided: it stays as it was (unless given), it holds what is provided, or it is removed.",
      ),
    pinnedRevision: z
      .number()
      .int()
      .optional()
      .describe(
        "Holds the routing at this one of status.revisions, whatever is provided; lmos rollback sets it.",
      ),
    routing: routingSettingsSchema.optional(),
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

const revisionSchema = z
  .object({
    revision: z.number().int().describe("Number of the wiring; a new wiring has a higher one."),
    activatedAt: z
      .string()
      .meta({ format: "date-time" })
      .describe("When the wiring was activated for the first time."),
    wires: z
      .array(
        z.object({
          agent: z.string().max(253).describe("Name of the agent."),
          id: z.string().max(253).describe("Identifier of the capability."),
          name: z.string().max(253).describe("Name of the capability."),
          requiredVersion: z.string().max(256).describe("The range that the channel asked for."),
          providedVersion: z.string().max(256).describe("The version that was chosen."),
          host: z.string().max(512).describe("Where the agent answered."),
        }),
      )
      .describe("Which agent served which requirement."),
  })
  .describe("One wiring that was active.");
/** A wiring of a channel that was active. */
export type ChannelRevision = z.infer<typeof revisionSchema>;

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
    grants: z
      .enum(["audit", "enforce"])
      .optional()
      .describe("How much Tenants and CapabilityGrants counted; absent where they do not."),
    routing: z
      .string()
      .optional()
      .describe("The routing settings in one line, such as hybrid, else faq-agent."),
    activeRevision: z.number().int().optional().describe("The one of the revisions that the routing holds."),
    revisions: z
      .array(revisionSchema)
      .optional()
      .describe("The last wirings, five at most, the newest first: what lmos rollback goes back to."),
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
    { name: "Ready", type: "string", jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
    { name: "Agents", type: "integer", jsonPath: ".status.agents" },
    { name: "Unresolved", type: "string", jsonPath: ".status.unresolved" },
    {
      name: "Reason",
      type: "string",
      jsonPath: '.status.conditions[?(@.type=="Ready")].reason',
      priority: 1,
    },
    { name: "Revision", type: "integer", jsonPath: ".status.activeRevision", priority: 1 },
    {
      name: "Granted",
      type: "string",
      jsonPath: '.status.conditions[?(@.type=="Granted")].status',
      priority: 1,
    },
    { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
  ],
});
