/** How messages of a channel are routed to its agents: said by the Channel, carried to the runtime by the ChannelRouting. */
import { z } from "zod";

/** Settings of a channel; what is left out is the runtime's choice. */
export const routingSettingsSchema = z
  .object({
    mode: z
      .enum(["vector", "llm", "hybrid"])
      .optional()
      .describe(
        "Who decides: vectors, a language model among the candidates that they find, or the model where vectors are unsure. Unless given: hybrid where the runtime has a model, else vector.",
      ),
    thresholds: z
      .object({
        energy: z
          .number()
          .min(-1000)
          .max(1000)
          .optional()
          .describe("Below this energy a message is for none of the agents; lmos router calibrate finds it."),
        margin: z
          .number()
          .min(0)
          .max(1)
          .optional()
          .describe("Where two agents are closer than this, the user is asked which one is meant."),
      })
      .optional()
      .describe("In place of those that are learnt from the examples."),
    fallbackAgent: z
      .string()
      .min(1)
      .max(253)
      .optional()
      .describe("Name of a wired agent that gets the messages that are for none of them."),
    language: z
      .string()
      .max(35)
      .regex(/^[a-zA-Z]{2,8}(-[a-zA-Z0-9]{1,8})*$/)
      .optional()
      .describe(
        "Language of what the runtime itself says to users, such as en or de-AT; that of the conversation unless given. English where it is neither English nor German.",
      ),
  })
  .describe("How messages are routed to the agents.");
/** Settings of a channel. */
export type RoutingSettings = z.infer<typeof routingSettingsSchema>;

/** The settings in one line, for people; undefined where there are none. */
export function describeRoutingSettings(settings: RoutingSettings | undefined): string | undefined {
  const { mode, thresholds, fallbackAgent, language } = settings ?? {};
  const parts = [
    mode,
    thresholds?.energy === undefined ? undefined : `energy ${thresholds.energy}`,
    thresholds?.margin === undefined ? undefined : `margin ${thresholds.margin}`,
    fallbackAgent === undefined ? undefined : `else ${fallbackAgent}`,
    language === undefined ? undefined : `in ${language}`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(", ");
}
