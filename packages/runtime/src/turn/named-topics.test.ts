import type { RoutingDecision } from "@lmos/router";
import { describe, expect, test } from "vitest";
import { decided } from "../testing/snapshots.ts";
import { findNamedTopics, mayNameTopics } from "./named-topics.ts";

/** Accepts by the last word; all else is for nobody. */
const agents: Readonly<Record<string, string>> = { bill: "billing", tariff: "contract", plan: "contract" };
async function classify(text: string): Promise<RoutingDecision> {
  const agent = agents[text.split(" ").at(-1) ?? ""];
  return decided(
    agent === undefined
      ? { decision: "none", confidence: 0 }
      : { decision: "accept", agent, capability: `${agent}-c`, confidence: 0.7 },
  );
}

describe("a message names two topics", () => {
  test.each(["my bill or my tariff", "Something about my bill, or my tariff", "bill OR tariff"])(
    "when it is “%s”",
    async (message) => {
      expect(await findNamedTopics(message, classify)).toEqual([
        { agent: "billing", capability: "billing-c", confidence: 0.7 },
        { agent: "contract", capability: "contract-c", confidence: 0.7 },
      ]);
    },
  );

  test.each([
    { name: "it asks", message: "is it my bill or my tariff?" },
    { name: "both are one agent's", message: "my tariff or my plan" },
    { name: "one side is nobody's", message: "my bill or a poem" },
    { name: "one side is a sentence", message: "I do not understand the charges on my bill or my tariff" },
    { name: "there are three", message: "my bill or my tariff or my plan" },
    { name: "there is one", message: "my bill" },
    { name: "there is nothing on one side", message: "or my bill" },
    { name: "the word is part of another", message: "orbit my tariff" },
  ])("not when $name", async ({ message }) => {
    expect(await findNamedTopics(message, classify)).toBeUndefined();
  });
});

describe("a message may name two topics", () => {
  test.each([
    { message: "my bill or my tariff", may: true },
    { message: "BILL OR TARIFF", may: true },
    { message: "my bill or a poem", may: true },
    { message: "is it my bill or my tariff?", may: false },
    { message: "orbit my tariff", may: false },
    { message: "", may: false },
  ])("“$message”: $may", ({ message, may }) => {
    expect(mayNameTopics(message)).toBe(may);
  });
});
