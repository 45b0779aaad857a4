import { describe, expect, it } from "vitest";
import type { RoutedAgent } from "../routing/snapshot.ts";
import { fallbackQuestion, politeRefusal, sentencesOf } from "./replies.ts";

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

/** A conversation in which the user said this, oldest first, on a channel that may declare a language. */
function said(messages: readonly string[], declared?: string) {
  return {
    declared,
    messages: messages.map((content) => ({ role: "user" as const, content, format: "text" })),
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
    expect(politeRefusal(agents, said([]))).toBe(expected);
    expect(politeRefusal(agents, said([]))).toBe(expected);
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
    expect(politeRefusal([orders], said([message]))).toBe(is);
  });

  it("greets where there is nothing to offer", () => {
    expect(politeRefusal([], said(["hi"]))).toBe("Hello!");
  });

  it("is about the agents that it is asked about, whatever it was asked before", () => {
    const [before, after] = [[billing], [orders]];
    expect(politeRefusal(before, said([]))).toContain("pay bill");
    expect(politeRefusal(after, said([]))).not.toContain("pay bill");
    expect(politeRefusal(before, said([]))).toContain("pay bill");
  });
});

describe("a question without a decision", () => {
  it("offers what the agents can do", () => {
    expect(fallbackQuestion([orders], said([]))).toBe(
      "I'm not sure what you need. Is it about one of these: track order, view invoice?",
    );
  });
});

describe("the language of a refusal", () => {
  const english = /^(?:Sorry|Hello|You're|Goodbye)/;
  const german = /^(?:Dabei|Guten Tag|Gern|Auf Wiedersehen)/;
  it.each([
    { name: "an English message", messages: ["my cat is sick"], is: english },
    { name: "a German message", messages: ["meine Katze ist krank"], is: german },
    { name: "a German greeting", messages: ["Moin!"], is: german },
    { name: "German thanks", messages: ["vielen Dank"], is: german },
    { name: "a German parting", messages: ["tschüss"], is: german },
    { name: "a message of neither, after German ones", messages: ["wo ist mein Paket", "4711"], is: german },
    { name: "a message of neither", messages: ["4711"], is: english },
    { name: "another language", messages: ["où est ma commande"], is: english },
    { name: "a channel that declares German", messages: ["my cat is sick"], declared: "de-CH", is: german },
    { name: "a channel that declares English", messages: ["wo ist mein Paket"], declared: "en", is: english },
    { name: "a channel with another language", messages: ["wo ist mein Paket"], declared: "fr", is: english },
  ])("is told for $name", ({ messages, declared, is }) => {
    expect(politeRefusal([orders], said(messages, declared))).toMatch(is);
  });

  it("is that of all other words to the user", () => {
    const { messages } = said(["meine Rechnung und mein Paket"]);
    const sentences = sentencesOf({ messages }, { settings: {} });
    expect(sentences.unanswered("mein Paket")).toBe(
      "Darauf habe ich im Moment leider keine Antwort: „mein Paket“",
    );
    expect(sentencesOf({ messages }, { settings: { language: "en" } }).nobodyTakesOver).toContain("nobody");
  });
});
