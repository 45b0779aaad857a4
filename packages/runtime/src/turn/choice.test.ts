import { describe, expect, test } from "vitest";
import { routedAgentsOf } from "../routing/snapshot.ts";
import { routingOf } from "../testing/routings.ts";
import { namedAgent, refusesChoices, understandChoice, wantsAll } from "./choice.ts";

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
    { reply: "the latter", agent: "billing-agent", isBare: true },
    { reply: "the former please", agent: "order-agent", isBare: true },
    { reply: "ok, then the 1st one", agent: "order-agent", isBare: true },
    { reply: "nr. 2", agent: "billing-agent", isBare: true },
    { reply: "I\u2019d like the second", agent: "billing-agent", isBare: true },
    { reply: "das zweite bitte", agent: "billing-agent", isBare: true },
    { reply: "die letzte", agent: "billing-agent", isBare: true },
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

describe("a refusal", () => {
  test.each([
    "no",
    "Nope, something else",
    "none of these",
    "neither, thanks",
    "No, neither of them.",
    "never mind",
    "nevermind!",
    "it's not about these",
    "nothing of that at all, sorry",
    "nein, keins von beiden",
  ])("is “%s”", (reply) => {
    expect(refusesChoices(reply)).toBe(true);
  });

  test.each([
    "",
    "yes",
    "the second one",
    "no, the invoice",
    "not the first",
    "something else",
    "I have no internet",
    "nothing has arrived",
    "no. 2",
  ])("is not “%s”", (reply) => {
    expect(refusesChoices(reply)).toBe(false);
  });
});

describe("all of them are meant", () => {
  test.each(["both", "Both please!", "all of them", "beide bitte", "well, both of these"])(
    "by “%s”",
    (reply) => {
      expect(wantsAll(reply)).toBe(true);
      expect(refusesChoices(reply)).toBe(false);
    },
  );

  test.each(["", "of them", "not both", "both invoices", "all my parcels are late", "the first"])(
    "not by “%s”",
    (reply) => {
      expect(wantsAll(reply)).toBe(false);
    },
  );
});

describe("an agent is named", () => {
  test.each([
    { text: "charges", agent: "billing-agent" },
    { text: "my payments", agent: "billing-agent" },
    { text: "the parcel", agent: "order-agent" },
    { text: "order", agent: "order-agent" },
  ])("by “$text”: $agent", ({ text, agent }) => {
    expect(namedAgent(text, agents)).toMatchObject({ agent });
  });

  test.each(["", "the", "weather", "parcel payments", "a parcel in Rome", "agent"])("not by “%s”", (text) => {
    expect(namedAgent(text, agents)).toBeUndefined();
  });
});
