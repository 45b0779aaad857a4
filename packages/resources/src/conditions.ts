/** Status conditions after the Kubernetes API conventions (metav1.Condition). */
import { z } from "zod";

/** Characters of a message, by the Kubernetes API conventions. */
const longestMessage = 32_768;

/** The schema of one condition; `lastTransitionTime` moves only when `status` does. */
export const conditionSchema = z.object({
  type: z.string().max(316).describe("What the condition is about, in CamelCase."),
  status: z.enum(["True", "False", "Unknown"]).describe("Whether it holds."),
  observedGeneration: z
    .number()
    .int()
    .optional()
    .describe("The metadata.generation that this was decided for."),
  lastTransitionTime: z
    .string()
    .meta({ format: "date-time" })
    .describe("When the status last changed from one value to another."),
  reason: z.string().max(1024).describe("Why, as one CamelCase word that programs may switch on."),
  message: z.string().max(longestMessage).describe("Why, for people: stable text that names what to do."),
});
/** One status condition. */
export type Condition = z.infer<typeof conditionSchema>;
/** A condition as decided, before it is known when its status changed. */
export type DecidedCondition = Omit<Condition, "lastTransitionTime">;

/** The `conditions` member of a status: a list keyed by type. */
export const conditionsSchema = z
  .array(conditionSchema)
  .meta({ "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["type"] })
  .describe("The latest observations of the object's state.");

/** The `observedGeneration` member of a status. */
export const observedGenerationSchema = z
  .number()
  .int()
  .optional()
  .describe("The metadata.generation that the status was computed from.");

/** The condition of that type, if there is one. */
export function conditionOf(
  conditions: readonly Condition[] | undefined,
  type: string,
): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/**
 * The conditions as they are to be written: each keeps its earlier `lastTransitionTime` while its status stays the
 * same and takes `now` (RFC 3339) otherwise. A message that is too long is cut, as a server would refuse the whole status;
 * half a character, which a server would replace, is replaced here, so that what is stored is what was decided.
 */
export function transition(
  earlier: readonly Condition[] | undefined,
  decided: readonly DecidedCondition[],
  now: string,
): readonly Condition[] {
  return decided.map((condition) => {
    const before = conditionOf(earlier, condition.type);
    const unchanged = before?.status === condition.status;
    const message = condition.message.slice(0, longestMessage).toWellFormed();
    return { ...condition, message, lastTransitionTime: unchanged ? before.lastTransitionTime : now };
  });
}
