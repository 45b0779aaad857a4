import { defineTool } from "@lmos/agent";
import { z } from "zod";
import { type Order, orders } from "../data.ts";

/** Finds a customer's order: the one whose number is given, else the newest that is still on its way. */
export const findOrder = defineTool({
  name: "find_order",
  description: "Finds an order of a customer by its number, or the newest one that is not delivered yet",
  parameters: z.object({ customer: z.string(), number: z.string().optional().describe("five digits") }),
  execute: ({ customer, number }): Order | undefined => {
    const own = orders.filter((order) => order.customer === customer);
    if (number !== undefined) return own.find(({ id }) => id === number);
    return own.find(({ state }) => state !== "delivered") ?? own[0];
  },
});
