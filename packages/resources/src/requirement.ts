/** What a Channel or an Agent requires: one capability, by name, range of versions and further directives. */
import { z } from "zod";

/** One capability that is required. */
export const requiredCapabilitySchema = z
  .object({
    id: z.string().max(253).default("").describe("Identifier of the requirement; not used to resolve."),
    name: z.string().max(253).describe("Name of the capability; compared exactly."),
    version: z
      .string()
      .max(256)
      .describe("Range of versions, npm (>=1.0.0, ^1.2) or Ivy/Maven ([1.0,2.0[) syntax."),
    strategy: z
      .enum(["HIGHEST", "MOST_SIMILAR", "LOWEST", "STICKY"])
      .default("HIGHEST")
      .describe(
        "Which of several fitting versions: the highest, the one nearest to the range's lower bound, the lowest, or whichever the current agent has as long as it fits.",
      ),
    resolution: z
      .enum(["mandatory", "optional"])
      .optional()
      .describe("Whether the requirement may stay without a provider; mandatory unless given."),
    cardinality: z
      .enum(["single", "multiple"])
      .optional()
      .describe("Whether one provider is wired or all that fit; single unless given."),
    filter: z
      .string()
      .max(1024)
      .optional()
      .describe("CEL expression over the capability's attributes, such as attributes.region == 'eu'."),
  })
  .describe("One requirement.");
/** One capability that is required. */
export type RequiredCapability = z.infer<typeof requiredCapabilitySchema>;
