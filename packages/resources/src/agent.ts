/** Agent: what a running agent provides. */
import { z } from "zod";
import { conditionsSchema, observedGenerationSchema } from "./conditions.ts";
import { defineKind } from "./kind.ts";
import { objectMetaSchema } from "./metadata.ts";
import { requiredCapabilitySchema } from "./requirement.ts";

/** One capability that an agent provides. */
export const providedCapabilitySchema = z
  .object({
    id: z.string().max(253).default("").describe("Identifier of the capability; not used to resolve."),
    name: z.string().max(253).describe("What channels ask for; compared exactly."),
    version: z
      .string()
      .max(256)
      .describe("Semantic version, such as 1.2.0. Anything else is reported and not wired."),
    description: z
      .string()
      .max(8192)
      .default("")
      .describe("What the capability does, in words a user would use."),
    examples: z
      .array(z.string().max(2048))
      .max(1000)
      .default([])
      .describe("Messages that this capability answers; the router learns from them."),
    attributes: z
      .record(z.string().max(253), z.string().max(1024))
      .optional()
      .describe("What filters of requirements are evaluated on, such as region: eu; at most 100."),
    uses: z
      .array(z.string().max(253))
      .max(1000)
      .optional()
      .describe("Names of capabilities that must come from the same agent, where they are required too."),
    mandatory: z
      .array(z.string().max(253))
      .max(100)
      .optional()
      .describe("Attributes that a requirement must name in its filter to be given this capability."),
  })
  .describe("One versioned capability.");
/** One capability that an agent provides. */
export type ProvidedCapability = z.infer<typeof providedCapabilitySchema>;

const specSchema = z
  .object({
    id: z
      .string()
      .max(253)
      .default("")
      .describe("Identifier of the agent; the object's name where it is empty."),
    description: z.string().max(8192).default("").describe("What the agent is for."),
    supportedTenants: z
      .array(z.string().max(253))
      .max(1000)
      .default([])
      .describe("Tenants that may be served; empty means every tenant."),
    supportedChannels: z
      .array(z.string().max(253))
      .max(1000)
      .default([])
      .describe("Channels that may be served; empty means none."),
    providedCapabilities: z
      .array(providedCapabilitySchema)
      .max(1000)
      .default([])
      .describe("What the agent can do."),
    requiredCapabilities: z
      .array(requiredCapabilitySchema)
      .max(1000)
      .optional()
      .describe("What the agent needs of other agents; it is wired only where all of it is provided."),
  })
  .describe("What the agent provides, and to whom.");

const statusSchema = z
  .object({
    observedGeneration: observedGenerationSchema,
    conditions: conditionsSchema.optional(),
    host: z
      .string()
      .optional()
      .describe("Where the agent answers: host name of its Service, with the port where that is not 8080."),
    capabilities: z.number().int().optional().describe("How many capabilities can be wired."),
  })
  .describe("What the control plane observed.");

/** An agent and the capabilities that it provides. */
export const agentSchema = z.object({
  apiVersion: z.string(),
  kind: z.literal("Agent"),
  metadata: objectMetaSchema,
  spec: specSchema.prefault({}),
  status: statusSchema.optional(),
});
/** An agent and the capabilities that it provides. */
export type Agent = z.infer<typeof agentSchema>;
/** What the control plane observed of an agent. */
export type AgentStatus = z.infer<typeof statusSchema>;

/** The kind Agent (short name `ag`). */
export const agentKind = defineKind({
  kind: "Agent",
  plural: "agents",
  shortNames: ["ag"],
  description: "An AI agent: the versioned capabilities that it provides, and to which tenants and channels.",
  schema: agentSchema,
  columns: [
    { name: "Ready", type: "string", jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
    { name: "Capabilities", type: "integer", jsonPath: ".status.capabilities" },
    { name: "Subset", type: "string", jsonPath: ".metadata.labels.subset" },
    { name: "Channels", type: "string", jsonPath: ".spec.supportedChannels", priority: 1 },
    { name: "Host", type: "string", jsonPath: ".status.host", priority: 1 },
    {
      name: "Reason",
      type: "string",
      jsonPath: '.status.conditions[?(@.type=="Ready")].reason',
      priority: 1,
    },
    {
      name: "Granted",
      type: "string",
      jsonPath: '.status.conditions[?(@.type=="Granted")].status',
      priority: 1,
    },
    { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
  ],
});
