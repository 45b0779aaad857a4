/** Sends the loads that it is told of, and tells what became of their turns. Started by `load-generator.ts`. */
import { z } from "zod";
import type { LoadOutcome } from "./load-generator.ts";
import { openLoad } from "./open-load.ts";

const loadSchema = z.object({
  port: z.number(),
  name: z.string(),
  perSecond: z.number(),
  ms: z.number(),
  tenant: z.string().default("acme"),
  content: z.string().default("!wait 50"),
  patient: z.boolean().default(false),
});
process.on("disconnect", () => process.exit());
process.on("message", async (message) => {
  const outcomes = await openLoad(loadSchema.parse(message));
  process.send?.(outcomes.map(({ status, ms, retryAfter }): LoadOutcome => ({ status, ms, retryAfter })));
});
process.send?.("ready");
