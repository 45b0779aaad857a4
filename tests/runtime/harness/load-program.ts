/** Sends the loads that it is told of, and tells what became of their turns. Started by `load-generator.ts`. */
import { z } from "zod";
import type { LoadOutcome } from "./load-generator.ts";
import { openLoad } from "./open-load.ts";
import type { TurnOutcome } from "./turns.ts";

const loadSchema = z.object({
  port: z.number(),
  name: z.string(),
  perSecond: z.number(),
  ms: z.number(),
  tenant: z.string().default("acme"),
  content: z.string().default("!wait 50"),
  patient: z.boolean().default(false),
});

function loadOutcomeOf({ status, ms, retryAfter, body }: TurnOutcome): LoadOutcome {
  return { status, ms, retryAfter, refusal: status === 200 ? undefined : body };
}

process.on("disconnect", () => process.exit());
process.on("message", async (message) => {
  const outcomes = await openLoad(loadSchema.parse(message));
  process.send?.(outcomes.map(loadOutcomeOf));
});
process.send?.("ready");
