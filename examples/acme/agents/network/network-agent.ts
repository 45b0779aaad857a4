/** Outages and slow lines. */
import { defineAgent, type TurnContext } from "@lmos/agent";
import { customerOf } from "../data.ts";
import { networkCapabilities } from "./capabilities.ts";
import { findOutage } from "./tools.ts";

/** Answers about the network. */
export const networkAgent = defineAgent({
  name: "network-agent",
  description: "Knows about outages and helps with slow internet",
  capabilities: networkCapabilities,
  supportedTenants: ["acme"],
  supportedChannels: ["web", "ivr"],
  respond,
});

async function respond(context: TurnContext): Promise<string> {
  const { city } = customerOf(context.userId);
  const outage = await context.call(findOutage, { city });
  if (/slow|speed|mbit|buffer|lag|ping|weak|reception|forever/i.test(context.message))
    return advice(outage !== undefined);
  if (outage === undefined)
    return `There is no known outage in ${city}. Please restart your router; if that does not help, I will open a ticket.`;
  return `Since ${outage.since} there is an outage of ${outage.service} in ${outage.city}, caused by ${outage.cause}. It should be mended by ${outage.until}.`;
}

function advice(hasOutage: boolean): string {
  if (hasOutage)
    return "There is an outage where you live at the moment, which also slows lines down. It is being mended.";
  return "Please measure with a cable at speed.acme.example. If that is fast, the wifi is the bottleneck: place the router freely, away from metal, and use 5 GHz.";
}
