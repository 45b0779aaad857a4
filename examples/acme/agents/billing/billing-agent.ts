/** Invoices and payments. */
import { defineAgent, type TurnContext } from "@lmos/agent";
import { customerOf, euros, type Invoice } from "../data.ts";
import { billingCapabilities } from "./capabilities.ts";
import { listInvoices } from "./tools.ts";

/** Answers about invoices and payments. */
export const billingAgent = defineAgent({
  name: "billing-agent",
  description: "Explains invoices, sends copies of them and follows payments",
  capabilities: billingCapabilities,
  supportedTenants: ["acme"],
  supportedChannels: ["web", "ivr"],
  respond,
});

async function* respond(context: TurnContext): AsyncGenerator<string, undefined> {
  const customer = customerOf(context.userId);
  const [newest, previous] = await context.call(listInvoices, { customer: customer.id });
  if (newest === undefined) {
    yield "There is no invoice for you yet.";
  } else if (
    /pdf|copy|download|send|document|accountant|tax|all (my )?(invoices|bills)/i.test(context.message)
  ) {
    yield `I have sent the invoice of ${newest.id} as a PDF to ${customer.email}.`;
  } else if (/paid|pay|payment|refund|debit|card|transfer|overdue|money/i.test(context.message)) {
    yield payment(newest);
  } else {
    yield* explain(newest, previous);
  }
  return undefined;
}

function payment({ id, total, state }: Invoice): string {
  switch (state) {
    case "paid":
      return `The invoice of ${id} over ${euros(total)} is paid. Refunds take three working days.`;
    case "open":
      return `The invoice of ${id} over ${euros(total)} is open and will be debited in the next days. You may also pay by card or transfer.`;
    case "overdue":
      return `We have not received ${euros(total)} for ${id} yet. If you paid in the last three days, nothing is left to do.`;
    default:
      return state satisfies never;
  }
}

/** Sentence by sentence, so that a caller that streams can show each as it comes. */
function* explain(newest: Invoice, previous: Invoice | undefined): Generator<string> {
  yield `Your invoice of ${newest.id} comes to ${euros(newest.total)}.`;
  for (const { text, amount } of newest.items) yield ` ${text}: ${euros(amount)}.`;
  if (previous !== undefined && previous.total < newest.total) {
    yield ` That is ${euros(newest.total - previous.total)} more than in ${previous.id}.`;
  }
}
