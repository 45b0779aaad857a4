import { describe, expect, it } from "vitest";
import { arcCard } from "./arc-card.ts";
import { type Agent, defineAgent } from "./define-agent.ts";

const agentOf = (name: string, capabilities: readonly string[]): Agent =>
  defineAgent({
    name,
    version: "2.1.0",
    description: `Does ${name}.`,
    capabilities: capabilities.map((capability) => ({
      name: capability,
      version: "2.1.0",
      description: `Does ${capability}`,
      examples: [`do ${capability}`],
    })),
    supportedChannels: ["web"],
    respond: () => "done",
  });

describe("the card that ARC serves", () => {
  it("names one agent, with its capabilities as skills", () => {
    expect(arcCard([agentOf("billing", ["invoice"])])).toEqual({
      name: "billing",
      description: "Does billing.",
      url: "",
      version: "2.1.0",
      capabilities: { streaming: false, pushNotifications: false, stateTransitionHistory: false },
      defaultInputModes: ["text"],
      defaultOutputModes: ["text"],
      skills: [
        {
          id: "invoice",
          name: "invoice",
          description: "Does invoice",
          tags: [],
          examples: ["do invoice"],
        },
      ],
    });
  });

  it("joins those of several", () => {
    const card = arcCard([agentOf("billing", ["invoice"]), agentOf("orders", ["track", "cancel"])]);
    expect(card).toMatchObject({
      name: "multi-agent",
      description: "Does billing. Does orders.",
      skills: [{ id: "invoice" }, { id: "track" }, { id: "cancel" }],
    });
  });
});
