import type { RoutingDecision } from "@lmos/router";
import { describe, expect, test } from "vitest";
import { decided } from "../testing/snapshots.ts";
import { findNamedTopics, mayNameTopics } from "./named-topics.ts";

/** Accepts by the last word; all else is for nobody. */
const agents: Readonly<Record<string, string>> = {
  bill: "billing",
  tariff: "contract",
  plan: "contract",
  parcel: "orders",
};
async function classify(text: string): Promise<RoutingDecision> {
  const agent = agents[text.split(" ").at(-1) ?? ""];
  return decided(
    agent === undefined
      ? { decision: "none", confidence: 0 }
      : { decision: "accept", agent, capability: `${agent}-c`, confidence: 0.7 },
  );
}

describe("a message names two topics", () => {
  test.each([
    "my bill or my tariff",
    "Something about my bill, or my tariff",
    "bill OR tariff",
    "my bill and my tariff",
    "my bill, tariff",
    "bill, and also tariff",
    "bill/tariff",
    "bill or tariff?",
    "bill & tariff!",
    "I have a question about my bill or my tariff",
    "I need help with my bill or tariff, not sure",
    "my bill or my tariff, I don't know which of them",
    "bill, tariff, please",
  ])("when it is “%s”", async (message) => {
    expect(await findNamedTopics(message, { classify })).toEqual([
      { agent: "billing", capability: "billing-c", confidence: 0.7 },
      { agent: "contract", capability: "contract-c", confidence: 0.7 },
    ]);
  });

  test("when one is a word that resembles nothing, but an agent calls itself so", async () => {
    const named = (text: string) =>
      text === "benefits" ? { agent: "coverage", capability: "benefits", confidence: 0 } : undefined;
    const topics = await findNamedTopics("my bill or benefits", { classify, named });
    expect(topics?.map(({ agent }) => agent)).toEqual(["billing", "coverage"]);
    expect(await findNamedTopics("my bill or poems", { classify, named })).toBeUndefined();
  });

  test("when there are three", async () => {
    const topics = await findNamedTopics("bill, tariff or parcel", { classify });
    expect(topics?.map(({ agent }) => agent)).toEqual(["billing", "contract", "orders"]);
  });

  test("when one of them could be for several: it is for the likeliest", async () => {
    const choices = ["orders", "billing"].map((agent) => ({ agent, capability: "c", confidence: 0.4 }));
    const topics = await findNamedTopics("a payment or my tariff", {
      classify: async (text) =>
        text === "a payment"
          ? decided({ decision: "ask", question: "?", choices, confidence: 0.4 })
          : classify(text),
    });
    expect(topics?.map(({ agent }) => agent)).toEqual(["orders", "contract"]);
  });

  test.each([
    { name: "it asks", message: "is it my bill or my tariff?" },
    { name: "both are one agent's", message: "my tariff or my plan" },
    { name: "one side is nobody's", message: "my bill or a poem" },
    { name: "one side is a sentence", message: "I do not understand the charges on my bill or my tariff" },
    { name: "two of three are one agent's", message: "my bill or my tariff or my plan" },
    { name: "there are four", message: "bill, tariff, parcel, bill" },
    { name: "it is a sentence", message: "I want my bill and my tariff" },
    { name: "it asks with an “and”", message: "when is my bill and my tariff?" },
    { name: "things of three words are listed", message: "my old bill and my tariff" },
    { name: "one of them asks", message: "my bill? and my tariff" },
    { name: "a topic says more", message: "the whole of my bill and my tariff" },
    { name: "it is long", message: `my bill or my tariff${" ".repeat(120)}` },
    { name: "there is one", message: "my bill" },
    { name: "there is nothing on one side", message: "or my bill" },
    { name: "the word is part of another", message: "orbit my tariff" },
  ])("not when $name", async ({ message }) => {
    expect(await findNamedTopics(message, { classify })).toBeUndefined();
  });
});

describe("a message may name two topics", () => {
  test.each([
    { message: "my bill or my tariff", may: true, told: true },
    { message: "BILL OR TARIFF", may: true, told: true },
    { message: "my bill or a poem", may: true, told: true },
    { message: "my bill and my tariff", may: true, told: false },
    { message: "blue, size 42", may: true, told: false },
    { message: "is it my bill or my tariff?", may: false, told: false },
    { message: "orbit my tariff", may: false, told: false },
    { message: "", may: false, told: false },
  ])("“$message”: $may, and $told to an agent", ({ message, may, told }) => {
    expect(mayNameTopics(message, { hasTurn: false })).toBe(may);
    expect(mayNameTopics(message, { hasTurn: true })).toBe(told);
  });
});
