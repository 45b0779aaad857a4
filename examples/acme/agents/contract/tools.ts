import { defineTool } from "@lmos/agent";
import { z } from "zod";
import { type Tariff, tariffs } from "../data.ts";

/** The tariffs on offer. */
export const listTariffs = defineTool({
  name: "list_tariffs",
  description: "Lists the tariffs on offer with their prices",
  parameters: z.object({}),
  execute: (): readonly Tariff[] => tariffs,
});
