/** acme's records, read once from data/*.json and checked. */
import { readFileSync } from "node:fs";
import { z } from "zod";

const customerSchema = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  city: z.string(),
  tariff: z.string(),
  contractUntil: z.string(),
});
/** A customer, with the contract. */
export type Customer = z.infer<typeof customerSchema>;

const orderSchema = z.object({
  id: z.string(),
  customer: z.string(),
  item: z.string(),
  state: z.enum(["processing", "shipped", "delivered"]),
  placed: z.string(),
  delivery: z.string(),
  address: z.string(),
});
/** An order of the web shop. */
export type Order = z.infer<typeof orderSchema>;

const invoiceSchema = z.object({
  id: z.string(),
  customer: z.string(),
  total: z.number(),
  state: z.enum(["open", "paid", "overdue"]),
  items: z.array(z.object({ text: z.string(), amount: z.number() })),
});
/** A monthly invoice; `id` is its month. Amounts are in euros. */
export type Invoice = z.infer<typeof invoiceSchema>;

const tariffSchema = z.object({
  name: z.string(),
  price: z.number(),
  includes: z.string(),
  noticeDays: z.number().int(),
});
/** A tariff on offer; the price is in euros a month. */
export type Tariff = z.infer<typeof tariffSchema>;

const outageSchema = z.object({
  city: z.string(),
  service: z.string(),
  since: z.string(),
  until: z.string(),
  cause: z.string(),
});
const roamingZoneSchema = z.object({ zone: z.string(), countries: z.array(z.string()), rule: z.string() });

const customers = read("customers", customerSchema);
export const orders = read("orders", orderSchema);
export const invoices = read("invoices", invoiceSchema);
export const tariffs = read("tariffs", tariffSchema);
export const outages = read("outages", outageSchema);
export const roamingZones = read("roaming", roamingZoneSchema);

/** The customer of that id. Who is not known is served as Ada, so that the example answers anybody. */
export function customerOf(userId: string | undefined): Customer {
  const customer = customers.find(({ id }) => id === userId) ?? customers[0];
  if (customer === undefined) throw new Error("data/customers.json is empty: add a customer");
  return customer;
}

/** An amount as customers read it. */
export function euros(amount: number): string {
  return `${amount.toFixed(2)} €`;
}

function read<T>(name: string, schema: z.ZodType<T>): readonly T[] {
  const text = readFileSync(new URL(`../data/${name}.json`, import.meta.url), "utf8");
  return z.array(schema).parse(JSON.parse(text));
}
