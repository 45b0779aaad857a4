/** The phone abroad. */
import { defineAgent, type TurnContext } from "@lmos/agent";
import { roamingCapabilities } from "./capabilities.ts";
import { findZone } from "./tools.ts";

/** Answers about roaming. */
export const roamingAgent = defineAgent({
  name: "roaming-agent",
  description: "Explains use and costs of the phone abroad",
  capabilities: roamingCapabilities,
  supportedTenants: ["acme"],
  supportedChannels: ["web"],
  respond,
});

async function respond(context: TurnContext): Promise<string> {
  const zone = await context.call(findZone, { text: context.message });
  if (zone === undefined) return "Which country are you travelling to?";
  return `That country is in the zone ${zone.zone}: ${zone.rule}. Roaming is switched on in the settings of your phone.`;
}
