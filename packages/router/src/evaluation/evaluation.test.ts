import { loadStaticModel } from "@lmos/embeddings";
import { describe, expect, it } from "vitest";
import type { RoutableAgent, RoutingDecision } from "../model.ts";
import { calibrate } from "./calibrate.ts";
import { evaluate } from "./evaluate.ts";
import { type JudgedMessage, parseLabelled } from "./labelled.ts";
import { lintCatalogue } from "./lint.ts";

interface Told {
  readonly agent?: string;
  readonly to: string;
  readonly confidence?: number;
  readonly energy?: number;
  readonly margin?: number;
  readonly decision?: "accept" | "none";
}

function judged({ agent, to, confidence = 0.9, energy = 1, margin = 0.8, decision }: Told): JudgedMessage {
  const best = { agent: to, capability: "c", confidence };
  const common = {
    confidence,
    alternatives: [best],
    explanation: {
      stage: "vector" as const,
      margin,
      marginThreshold: 0.5,
      energy,
      energyThreshold: 0,
      coverage: 1,
      coverageThreshold: 0.5,
      matchedExamples: [],
    },
  };
  const made: RoutingDecision =
    decision === "none"
      ? { decision: "none", ...common }
      : { decision: "accept", agent: to, capability: "c", ...common };
  return { text: "t", agent, capability: agent === undefined ? undefined : "c", decision: made };
}

describe("evaluate", () => {
  it("counts what is right, what is wrong and what should not have been taken", () => {
    const evaluation = evaluate([
      judged({ agent: "a", to: "a" }),
      judged({ agent: "a", to: "b" }),
      judged({ agent: "b", to: "b", decision: "none" }),
      judged({ to: "a", energy: -1 }),
    ]);
    expect(evaluation).toMatchObject({
      messages: 4,
      outOfScope: 1,
      agentAccuracy: 2 / 3,
      acceptedRight: 1 / 3,
      acceptedWrong: 1 / 3,
      outOfScopeDecisions: { accepted: 1, asked: 0, refused: 0 },
      scopeAuroc: 1,
    });
    expect(evaluation.confusion).toContainEqual({ expected: "a", actual: "b", count: 1 });
  });

  it("has numbers for no messages", () => {
    expect(evaluate([])).toMatchObject({ agentAccuracy: 0, calibrationError: 0, scopeAuroc: undefined });
  });
});

describe("calibrate", () => {
  const messages = [
    ...Array.from({ length: 20 }, (_, i) => judged({ agent: "a", to: "a", energy: 2 + i, margin: 0.9 })),
    ...Array.from({ length: 5 }, () => judged({ agent: "a", to: "b", energy: 5, margin: 0.1 })),
    ...Array.from({ length: 5 }, () => judged({ to: "a", energy: 0, margin: 0.9 })),
  ];

  it("finds thresholds under which nothing goes wrong", () => {
    const calibration = calibrate(messages, { kind: "wrong-rate", rate: 0 });
    expect(calibration?.rates).toMatchObject({ right: 20 / 30, wrong: 0 });
    expect(calibration?.wrongAtMost).toBeGreaterThan(0);
    expect(calibration?.thresholds.margin).toBeGreaterThan(0.1);
  });

  it("asks no more than it may", () => {
    const calibration = calibrate(messages, { kind: "ask-rate", rate: 0 });
    expect(calibration?.rates.asked).toBe(0);
    expect(calibration?.rates.right).toBeGreaterThan(0.5);
  });

  it("has no answer without messages", () => {
    expect(calibrate([], { kind: "wrong-rate", rate: 0.1 })).toBeUndefined();
  });
});

describe("parseLabelled", () => {
  it("takes null and empty labels for none", () => {
    expect(parseLabelled([{ text: "a", agent: null, capability: "" }])).toEqual([
      { text: "a", agent: undefined, capability: undefined },
    ]);
  });

  it.each([
    { name: "no object", entry: "a", message: "message 1: expected an object" },
    { name: "no text", entry: {}, message: "message 1: text: expected a text" },
    { name: "a number", entry: { text: "a", agent: 1 }, message: "message 1: agent: expected a text" },
  ])("names what is wrong: $name", ({ entry, message }) => {
    expect(() => parseLabelled([entry])).toThrow(
      expect.objectContaining({ code: "InvalidLabelled", message }),
    );
  });
});

describe("lintCatalogue", () => {
  const { signal } = new AbortController();
  const agent = (name: string, description: string, ...examples: readonly string[]): RoutableAgent => ({
    name,
    description: "",
    capabilities: [{ id: "c", name: "c", description, examples }],
  });
  const bills = ["show my bill", "why is my bill high", "explain my bill", "bill of march", "my last bill"];
  const orders = [
    "where is my order",
    "track my parcel",
    "order status",
    "when comes my order",
    "late parcel",
  ];

  async function kindsOf(...agents: readonly RoutableAgent[]): Promise<readonly string[]> {
    const embedding = await loadStaticModel({ signal });
    return (await lintCatalogue(agents, { embedding, signal })).map(({ kind }) => kind);
  }

  it("finds nothing in a good catalogue", async () => {
    expect(
      await kindsOf(agent("a", "Explains bills", ...bills), agent("b", "Tracks orders", ...orders)),
    ).toEqual([]);
  });

  it("finds examples that two agents claim", async () => {
    const found = await kindsOf(agent("a", "", ...bills), agent("b", "", ...orders, "show my bill!"));
    expect(found).toContain("near-duplicate");
  });

  it("finds capabilities whose examples go to each other", async () => {
    const one = [
      "show my bill",
      "why is the bill high",
      "explain my invoice",
      "bill of march",
      "the last invoice",
    ];
    const other = [
      "show the bill",
      "why is my invoice high",
      "explain the bill",
      "invoice of march",
      "my last bill",
    ];
    const found = await kindsOf(agent("a", "", ...one), agent("b", "", ...other), agent("c", "", ...orders));
    expect(found).toContain("confusable");
  });

  it("finds capabilities with few examples, and descriptions of another's work", async () => {
    const found = await kindsOf(
      agent("a", "where is my parcel and my order", "show my bill", "my last bill"),
      agent("b", "", ...orders),
    );
    expect(found).toEqual(expect.arrayContaining(["few-examples", "weak-description"]));
  });
});
