/** Tariffs and contracts. */
import { defineAgent, type TurnContext } from "@lmos/agent";
import { type Customer, customerOf, euros, type Tariff } from "../data.ts";
import { contractCapabilities } from "./capabilities.ts";
import { listTariffs } from "./tools.ts";

/** Answers about tariffs and contracts. */
export const contractAgent = defineAgent({
  name: "contract-agent",
  description: "Shows and changes tariffs, and ends contracts",
  capabilities: contractCapabilities,
  supportedTenants: ["acme"],
  supportedChannels: ["web"],
  respond,
});

async function respond(context: TurnContext): Promise<string> {
  const customer = customerOf(context.userId);
  const offers = await context.call(listTariffs, {});
  const current = offers.find(({ name }) => name === customer.tariff);
  if (/terminat|cancel|quit|leave|leaving|end|close|notice|renew|another provider/i.test(context.message)) {
    return termination(customer, current);
  }
  if (/switch|upgrade|downgrade|change|move|book|bigger|faster|cheaper|more data/i.test(context.message)) {
    return change(customer, offers);
  }
  return overview(customer, offers);
}

function termination({ tariff, contractUntil }: Customer, current: Tariff | undefined): string {
  return `Your contract (${tariff}) runs until ${contractUntil}; the notice period is ${current?.noticeDays ?? 30} days. Shall I note your termination for that date?`;
}

function change({ tariff }: Customer, offers: readonly Tariff[]): string {
  const others = offers.filter(({ name }) => name !== tariff).map(describe);
  return `You have ${tariff}. From next month on you could have: ${others.join("; ")}. Which one shall it be?`;
}

function overview({ tariff, contractUntil }: Customer, offers: readonly Tariff[]): string {
  return `You have ${tariff} until ${contractUntil}. On offer are: ${offers.map(describe).join("; ")}.`;
}

function describe({ name, price, includes }: Tariff): string {
  return `${name} for ${euros(price)} a month (${includes})`;
}
