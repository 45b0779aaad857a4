/** Sends the load of its argument and tells how many turns ended with which status. Started by `open-load.ts`. */
import { z } from "zod";
import { openLoad } from "./open-load.ts";

const loadSchema = z.object({
  port: z.number(),
  name: z.string(),
  perSecond: z.number(),
  ms: z.number(),
  tenant: z.string(),
});
process.on("disconnect", () => process.exit());
process.send?.("begins");
const outcomes = await openLoad(loadSchema.parse(JSON.parse(process.argv[2] ?? "")));
const counts: Record<string, number> = {};
for (const { status } of outcomes) counts[status] = (counts[status] ?? 0) + 1;
process.send?.(counts);
