/** Orders of the web shop: where they are, and what can still be changed. */
import { defineAgent, type TurnContext } from "@lmos/agent";
import { customerOf, type Order } from "../data.ts";
import { orderCapabilities } from "./capabilities.ts";
import { findOrder } from "./tools.ts";

/** Answers about orders. */
export const orderAgent = defineAgent({
  name: "order-agent",
  description: "Tracks, changes and cancels orders of the web shop",
  capabilities: orderCapabilities,
  supportedTenants: ["acme"],
  supportedChannels: ["web", "ivr"],
  respond,
});

async function respond(context: TurnContext): Promise<string> {
  const customer = customerOf(context.userId);
  const number = /\b\d{5}\b/.exec(context.message)?.[0];
  const order = await context.call(findOrder, { customer: customer.id, number });
  if (order === undefined)
    return `I cannot find ${number === undefined ? "an order" : `order ${number}`} of yours.`;
  if (/cancel|undo|withdraw|stop|don't (need|want|send)|remove/i.test(context.message)) return cancel(order);
  if (/address|neighbour|instead|reschedul|another day|evening|pick.?up|different/i.test(context.message))
    return change(order);
  return track(order);
}

function track({ id, item, state, delivery, address }: Order): string {
  switch (state) {
    case "processing":
      return `Order ${id} (${item}) is being packed. It should reach you on ${delivery}.`;
    case "shipped":
      return `Order ${id} (${item}) is on its way to ${address} and arrives on ${delivery}.`;
    case "delivered":
      return `Order ${id} (${item}) was delivered to ${address} on ${delivery}.`;
    default:
      return state satisfies never;
  }
}

function cancel({ id, item, state }: Order): string {
  return state === "processing"
    ? `Order ${id} (${item}) has not been shipped: I can cancel it. Please confirm with "yes, cancel ${id}".`
    : `Order ${id} (${item}) is already ${state}. You can send it back within 14 days, free of charge.`;
}

function change({ id, item, state, delivery, address }: Order): string {
  return state === "delivered"
    ? `Order ${id} (${item}) has been delivered already, so its delivery can't be changed.`
    : `Order ${id} (${item}) goes to ${address} on ${delivery}. Which address or day would you like instead?`;
}
