/** ChannelRollout: how users move from a stable channel to its canary. */
import { z } from "zod";
import { conditionsSchema, observedGenerationSchema } from "./conditions.ts";
import { defineKind } from "./kind.ts";
import { objectMetaSchema } from "./metadata.ts";

const weightedChannelSchema = z.object({
  name: z.string().max(253).describe("Name of the Channel object."),
  weight: z.number().int().default(0).describe("Share of conversations, in per cent."),
});

/** How users move from a stable channel to its canary. */
export const channelRolloutSchema = z.object({
  apiVersion: z.string(),
  kind: z.literal("ChannelRollout"),
  metadata: objectMetaSchema,
  spec: z
    .object({
      strategy: z
        .object({
          canary: z
            .object({
              stableChannel: weightedChannelSchema.describe("The channel that users come from."),
              canaryChannel: weightedChannelSchema.describe("The channel that users move to."),
            })
            .describe("Weighted canary release."),
        })
        .describe("How the rollout proceeds."),
    })
    .describe("The wanted rollout."),
  status: z
    .object({ observedGeneration: observedGenerationSchema, conditions: conditionsSchema.optional() })
    .describe("What the control plane observed.")
    .optional(),
});
/** How users move from a stable channel to its canary. */
export type ChannelRollout = z.infer<typeof channelRolloutSchema>;

/** The kind ChannelRollout (short name `crl`). */
export const channelRolloutKind = defineKind({
  kind: "ChannelRollout",
  plural: "channelrollouts",
  shortNames: ["crl"],
  description:
    "A canary release of a channel: shares of conversations between a stable and a canary Channel.",
  schema: channelRolloutSchema,
  columns: [
    { name: "Stable", type: "string", jsonPath: ".spec.strategy.canary.stableChannel.name" },
    { name: "Canary", type: "string", jsonPath: ".spec.strategy.canary.canaryChannel.name" },
    { name: "Weight", type: "integer", jsonPath: ".spec.strategy.canary.canaryChannel.weight" },
    { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
  ],
});
