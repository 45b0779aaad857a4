import { defineTool } from "@lmos/agent";
import { z } from "zod";
import { outages } from "../data.ts";

/** The outage in a city, if there is one. */
export const findOutage = defineTool({
  name: "find_outage",
  description: "Finds a known outage in a city",
  parameters: z.object({ city: z.string() }),
  execute: ({ city }) => outages.find((outage) => outage.city === city),
});
