import { defineTool } from "@lmos/agent";
import { z } from "zod";
import { roamingZones } from "../data.ts";

/** The roaming zone of the first country that a text names. */
export const findZone = defineTool({
  name: "find_zone",
  description: "Finds the roaming zone of the country that a text names",
  parameters: z.object({ text: z.string() }),
  execute: ({ text }) => {
    const words = text.toLowerCase();
    const zone = roamingZones.find(({ countries }) => countries.some((country) => words.includes(country)));
    return zone ?? roamingZones.find((other) => other.zone === "World");
  },
});
