import type { RoutingDecision } from "@lmos/router";
import { describe, expect, it } from "vitest";
import { agents } from "../testing/running-service.ts";
import { questionOf, reasonOf, scopeOf, toClassificationResult } from "./classification.ts";

const explanation = {
  stage: "vector",
  margin: 0,
  marginThreshold: 0,
  energy: 0,
  energyThreshold: 0,
  coverage: 1,
  coverageThreshold: 0,
  matchedExamples: [],
} as const;
const alternatives = [
  { agent: "parcels", capability: "parcels-id", confidence: 0.6 },
  { agent: "billing", capability: "billing-id", confidence: 0.4 },
];
const decided = { confidence: 0.6, alternatives, explanation };
const accepted: RoutingDecision = {
  decision: "accept",
  agent: "parcels",
  capability: "parcels-id",
  ...decided,
};
const asked: RoutingDecision = { decision: "ask", question: "Which?", choices: alternatives, ...decided };
const refused: RoutingDecision = { decision: "none", ...decided };

describe("questionOf", () => {
  it("takes the message and what was said before, by role", () => {
    const inputContext = {
      userMessage: "and today?",
      historyMessages: [
        { role: "USER" as const, content: "where is it" },
        { role: "ASSISTANT" as const, content: "on its way" },
      ],
    };
    expect(questionOf({ inputContext, systemContext: { tenantId: "a", channelId: "b" } })).toEqual({
      message: "and today?",
      history: [
        { role: "user", content: "where is it" },
        { role: "assistant", content: "on its way" },
      ],
    });
  });
});

describe("scopeOf", () => {
  it.each([
    { subset: undefined, expected: "stable" },
    { subset: null, expected: "stable" },
    { subset: "", expected: "stable" },
    { subset: "canary", expected: "canary" },
  ])("reads the subset $subset as $expected", ({ subset, expected }) => {
    const systemContext = { tenantId: "acme", channelId: "web", subset };
    expect(scopeOf({ inputContext: { userMessage: "" }, systemContext })).toEqual({
      tenant: "acme",
      channel: "web",
      subset: expected,
    });
  });
});

describe("toClassificationResult", () => {
  it.each([
    { name: "an accepted agent is classified", decision: accepted, classified: ["parcels"] },
    { name: "agents in question are candidates only", decision: asked, classified: [] },
    { name: "so are those that were not like enough", decision: refused, classified: [] },
  ])("$name", ({ decision, classified }) => {
    const result = toClassificationResult(decision, agents);
    expect(result.classifiedAgents.map(({ id }) => id)).toEqual(classified);
    expect(result.candidateAgents.map(({ id }) => id)).toEqual(["parcels", "billing"]);
  });

  it("names no agent that is not there", () => {
    const gone = {
      ...accepted,
      agent: "gone",
      alternatives: [{ agent: "gone", capability: "x", confidence: 1 }],
    };
    expect(toClassificationResult(gone, agents)).toMatchObject({ classifiedAgents: [], candidateAgents: [] });
  });
});

describe("reasonOf", () => {
  it.each([
    { decision: accepted, expected: "parcels is the likeliest agent (60 %, by examples, for parcels-id)." },
    {
      decision: { ...accepted, explanation: { ...explanation, stage: "llm" as const } },
      expected: "parcels is the likeliest agent (60 %, by a language model, for parcels-id).",
    },
    { decision: asked, expected: "Several agents are in question; the likeliest is parcels (60 %)." },
    { decision: refused, expected: "The message resembles nothing that the agents can do." },
  ])("says “$expected”", ({ decision, expected }) => {
    expect(reasonOf(decision)).toBe(expected);
  });
});
