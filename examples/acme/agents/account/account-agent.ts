/** Log-in and personal data. */
import { defineAgent, type TurnContext } from "@lmos/agent";
import { customerOf } from "../data.ts";
import { accountCapabilities } from "./capabilities.ts";
import { sendResetLink } from "./tools.ts";

/** Answers about accounts. */
export const accountAgent = defineAgent({
  name: "account-agent",
  description: "Helps with log-in and keeps personal data up to date",
  capabilities: accountCapabilities,
  supportedTenants: ["acme"],
  supportedChannels: ["web", "ivr"],
  respond,
});

async function respond(context: TurnContext): Promise<string> {
  const customer = customerOf(context.userId);
  if (/password|log ?in|locked|pin\b|puk|sign|code/i.test(context.message)) {
    const { sentTo, validMinutes } = await context.call(sendResetLink, { email: customer.email });
    return `I have sent a link to ${sentTo}. It is valid for ${validMinutes} minutes.`;
  }
  return `On file are: ${customer.name}, ${customer.email}, ${customer.city}. Which of these has changed, and to what?`;
}
