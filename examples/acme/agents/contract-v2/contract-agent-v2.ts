/** The next version of the contract agent: it provides change-tariff only, in version 2. */
import { defineAgent } from "@lmos/agent";
import { contractCapabilities } from "../contract/capabilities.ts";
import { customerOf } from "../data.ts";

const changeTariff = contractCapabilities.filter(({ name }) => name === "change-tariff");

/** Changes tariffs at once instead of asking which. */
export const contractAgentV2 = defineAgent({
  name: "contract-agent-v2",
  description: "Changes tariffs",
  version: "2.0.0",
  capabilities: changeTariff.map((capability) => ({ ...capability, version: "2.0.0" })),
  supportedTenants: ["acme"],
  supportedChannels: ["web"],
  respond: ({ userId }) => {
    const { tariff, email } = customerOf(userId);
    return `You have ${tariff}. I have sent the form to change it to ${email}; it takes one click.`;
  },
});
