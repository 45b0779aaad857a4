/** Agents as JSON documents, in the shape of LMOS' classifier: `{id, capabilityGroups: [agent]}`. */
import type { AddressedAgent } from "@lmos/router";
import { z } from "zod";

/** One agent; ids and names are texts of at most 253 characters, as in the custom resources. */
export const agentSchema = z.object({
  id: z.string().min(1).max(253),
  name: z.string().min(1).max(253),
  address: z.string().max(512).default(""),
  capabilities: z
    .array(
      z.object({
        id: z.string().min(1).max(253),
        description: z.string().max(8192).default(""),
        examples: z.array(z.string().max(2048)).max(1000).default([]),
      }),
    )
    .max(1000)
    .default([]),
});

/** A document with agents. */
export const agentDocumentSchema = z.object({
  id: z.string().max(253).default(""),
  capabilityGroups: z.array(agentSchema).min(1).max(1000),
});

/** An agent of a document. */
export type DocumentAgent = z.infer<typeof agentSchema>;

/** As the router takes it. */
export function toAddressedAgent({ capabilities, ...agent }: DocumentAgent): AddressedAgent {
  return {
    ...agent,
    description: "",
    capabilities: capabilities.map((capability) => ({ name: capability.id, ...capability })),
  };
}

/** As it is told to callers. */
export function toDocumentAgent({ id, name, address, capabilities }: AddressedAgent): DocumentAgent {
  return {
    id,
    name,
    address,
    capabilities: capabilities.map((capability) => ({
      id: capability.id,
      description: capability.description,
      examples: [...capability.examples],
    })),
  };
}
