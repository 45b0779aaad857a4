import { describe, expect, it } from "vitest";
import type { RoutedAgent } from "../routing/snapshot.ts";
import { fallbackQuestion, missingPart, politeRefusal, skippedPart } from "./replies.ts";

function agent(name: string, ...capabilities: readonly string[]): RoutedAgent {
  const described = { version: "1.0.0", description: "" };
  return {
    id: name,
    name,
    ...described,
    host: name,
    capabilities: capabilities.map((each) => ({ id: each, name: each, ...described, examples: [] })),
  };
}

const billing = agent("billing", "view-invoice", "pay_bill", "change.tariff");
const orders = agent("orders", "track-order", "view-invoice");

describe("a refusal", () => {
  it.each([
    { name: "nothing where there are no agents", agents: [], topics: undefined },
    { name: "nothing where agents have no capability", agents: [agent("idle")], topics: undefined },
    { name: "names as words", agents: [billing], topics: "view invoice, pay bill, change tariff" },
    {
      name: "the first of each agent first, and each name once",
      agents: [billing, orders],
      topics: "view invoice, track order, pay bill, change tariff",
    },
    {
      name: "six at most",
      agents: [agent("many", "a", "b", "c", "d", "e", "f", "g")],
      topics: "a, b, c, d, e, f",
    },
  ])("offers $name", ({ agents, topics }) => {
    const expected =
      topics === undefined
        ? "Sorry, I can't help with that at the moment."
        : `Sorry, I can't help with that here. What I can help with: ${topics}.`;
    expect(politeRefusal(agents)).toBe(expected);
    expect(politeRefusal(agents)).toBe(expected);
  });

  it.each([
    {
      name: "a greeting",
      message: "Hello there!",
      is: "Hello! What I can help with: track order, view invoice.",
    },
    {
      name: "thanks",
      message: "thanks a lot",
      is: "You're welcome! What I can help with: track order, view invoice.",
    },
    { name: "a parting", message: "bye", is: "Goodbye!" },
  ])("is none for $name", ({ message, is }) => {
    expect(politeRefusal([orders], message)).toBe(is);
  });

  it("greets where there is nothing to offer", () => {
    expect(politeRefusal([], "hi")).toBe("Hello!");
  });

  it("is about the agents that it is asked about, whatever it was asked before", () => {
    const [before, after] = [[billing], [orders]];
    expect(politeRefusal(before)).toContain("pay bill");
    expect(politeRefusal(after)).not.toContain("pay bill");
    expect(politeRefusal(before)).toContain("pay bill");
  });
});

describe("a question without a decision", () => {
  it("offers what the agents can do", () => {
    expect(fallbackQuestion([orders])).toBe(
      "I'm not sure what you need. Is it about one of these: track order, view invoice?",
    );
  });
});

describe("a part without an answer", () => {
  it.each([
    { name: "one that nobody answered", reply: missingPart, says: "no answer" },
    { name: "one that was not asked", reply: skippedPart, says: "depends on that" },
  ])("is quoted: $name", ({ reply, says }) => {
    expect(reply("does it rain?")).toContain("“does it rain?”");
    expect(reply("does it rain?")).toContain(says);
  });
});
