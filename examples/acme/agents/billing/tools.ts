import { defineTool } from "@lmos/agent";
import { z } from "zod";
import { type Invoice, invoices } from "../data.ts";

/** A customer's invoices, newest first. */
export const listInvoices = defineTool({
  name: "list_invoices",
  description: "Lists the invoices of a customer, newest first",
  parameters: z.object({ customer: z.string() }),
  execute: ({ customer }): readonly Invoice[] =>
    invoices.filter((invoice) => invoice.customer === customer).sort((a, b) => b.id.localeCompare(a.id)),
});
