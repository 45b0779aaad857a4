import { describe, expect, test } from "vitest";
import { routedAgentsOf } from "../routing/snapshot.ts";
import { routingOf } from "../testing/routings.ts";
import { understandChoice } from "./choice.ts";

const agents = routedAgentsOf(
  routingOf([
    {
      name: "order-agent",
      host: "a",
      capability: { id: "track", name: "track-order", description: "Where a parcel is" },
    },
    {
      name: "billing-agent",
      host: "b",
      capability: { id: "invoice", name: "explain-invoice", description: "Charges and payments" },
    },
  ]),
);
const choices = [
  { agent: "order-agent", capability: "track", confidence: 0.5 },
  { agent: "billing-agent", capability: "invoice", confidence: 0.4 },
];

describe("a reply", () => {
  const rows: readonly { readonly reply: string; readonly agent: string; readonly isBare: boolean }[] = [
    { reply: "1", agent: "order-agent", isBare: true },
    { reply: "2.", agent: "billing-agent", isBare: true },
    { reply: "the second one please", agent: "billing-agent", isBare: true },
    { reply: "Number two, thanks", agent: "billing-agent", isBare: true },
    { reply: "the last one", agent: "billing-agent", isBare: true },
    { reply: "my parcel", agent: "order-agent", isBare: true },
    { reply: "the invoice", agent: "billing-agent", isBare: true },
    { reply: "billing", agent: "billing-agent", isBare: true },
    { reply: "a charge of 12 euros on the third of May", agent: "billing-agent", isBare: false },
  ];
  test.each(rows)("“$reply” means $agent", ({ reply, agent, isBare }) => {
    expect(understandChoice(reply, choices, agents)).toMatchObject({ alternative: { agent }, isBare });
  });

  test.each(["", "no", "3", "one invoice for my parcel", "what is the weather", "2 weeks ago it broke"])(
    "“%s” names none",
    (reply) => {
      expect(understandChoice(reply, choices, agents)).toBeUndefined();
    },
  );
});
