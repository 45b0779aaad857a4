import { isLmosError } from "@lmos/primitives";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { announce } from "./announcement.ts";
import { type AgentDefinition, defineAgent } from "./define-agent.ts";
import { scriptedModel } from "./scripted-model.ts";
import { defineTool } from "./tool.ts";

const capability = { name: "echo", version: "1.0.0", description: "Repeats", examples: ["again"] };
const good = {
  name: "echo-agent",
  description: "Repeats.",
  capabilities: [capability],
  supportedChannels: ["web"],
  respond: () => "hi",
} satisfies AgentDefinition;

function problemsOf(definition: AgentDefinition): unknown {
  try {
    defineAgent(definition);
  } catch (error) {
    if (isLmosError(error)) return error.details["problems"];
    throw error;
  }
  return [];
}

describe("defineAgent", () => {
  it("fills what is left out", () => {
    expect(defineAgent(good)).toMatchObject({
      version: "1.0.0",
      supportedTenants: [],
      capabilities: [{ ...capability, id: "echo" }],
    });
  });

  it.each([
    {
      name: "a name that is no DNS label",
      change: { name: "Echo Agent" },
      problem: /^name "Echo Agent": take a DNS label/,
    },
    {
      name: "an empty description",
      change: { description: " " },
      problem: /^description " ": write a sentence/,
    },
    {
      name: "a loose agent version",
      change: { version: "latest" },
      problem: /^version "latest": write a semantic version/,
    },
    { name: "no capability", change: { capabilities: [] }, problem: /^capabilities \[\]: name at least one/ },
    {
      name: "a loose capability version",
      change: { capabilities: [{ ...capability, version: "1.0" }] },
      problem: /^capabilities\[0\]\.version "1\.0": .*such as "1\.0\.0"/,
    },
    {
      name: "no channel",
      change: { supportedChannels: [] },
      problem: /^supportedChannels \[\]: name at least one channel/,
    },
    {
      name: "a name of 64 letters",
      change: { name: "x".repeat(64) },
      problem: /^name "x+": take a DNS label/,
    },
    {
      name: "a description that no Agent may have",
      change: { description: "x".repeat(8193) },
      problem: /^description "x+: shorten it: at most 8192 characters$/,
    },
    {
      name: "an example that is a page",
      change: { capabilities: [{ ...capability, examples: ["again", "x".repeat(2049)] }] },
      problem: /^capabilities\[0\]\.examples\[1\] "x+: shorten it: at most 2048 characters$/,
    },
    {
      name: "an empty example",
      change: { capabilities: [{ ...capability, examples: [""] }] },
      problem: /^capabilities\[0\]\.examples\[0\] "": write a sentence/,
    },
    {
      name: "too many examples",
      change: { capabilities: [{ ...capability, examples: Array.from({ length: 1001 }, () => "again") }] },
      problem: /^capabilities\[0\]\.examples \["again",.*: leave some out: at most 1000$/,
    },
    {
      name: "a long name of a capability",
      change: { capabilities: [{ ...capability, name: "x".repeat(254) }] },
      problem: /^capabilities\[0\]\.name "x+: shorten it: at most 253 characters$/,
    },
    {
      name: "a blank tenant",
      change: { supportedTenants: ["acme", " "] },
      problem: /^supportedTenants\[1\] " ": leave it out or give it a name$/,
    },
    {
      name: "a capability twice",
      change: { capabilities: [capability, capability] },
      problem: /^capabilities "echo 1\.0\.0": is there twice/,
    },
  ])("names field, value and remedy for $name", ({ change, problem }) => {
    expect(problemsOf({ ...good, ...change })).toEqual([expect.stringMatching(problem)]);
  });

  it("lists every problem at once, and two tools of one name", () => {
    expect(problemsOf({ ...good, name: "", supportedChannels: [] })).toHaveLength(2);
    const tool = defineTool({ name: "x", description: "", parameters: z.object({}), execute: () => 1 });
    const { respond: _, ...profile } = good;
    const definition = { ...profile, model: scriptedModel([]), prompt: "", tools: [tool, tool] };
    expect(problemsOf(definition)).toEqual(['tools "x": two tools have that name; rename one']);
  });
});

describe("announce", () => {
  it("joins several agents under the first one's name", () => {
    const first = defineAgent({ ...good, supportedTenants: ["acme"] });
    const second = defineAgent({
      ...good,
      name: "other",
      supportedTenants: ["globex"],
      supportedChannels: ["ivr", "web"],
    });
    expect(announce([first, second])).toMatchObject({
      id: "echo-agent",
      supportedTenants: ["acme", "globex"],
      supportedChannels: ["web", "ivr"],
      capabilities: [{ name: "echo" }, { name: "echo" }],
    });
    expect(announce([first, defineAgent({ ...good, name: "all" })]).supportedTenants).toEqual([]);
  });
});

describe("defineTool", () => {
  it.each([
    {
      name: "a name with blanks",
      tool: { name: "look up", parameters: z.object({}) },
      message: /tool name "look up"/,
    },
    {
      name: "parameters that are no object",
      tool: { name: "x", parameters: z.string() },
      message: /must be an object/,
    },
    {
      name: "parameters that JSON has no word for",
      tool: { name: "x", parameters: z.object({ at: z.date() }) },
      message: /can't be told to a model/,
    },
  ])("refuses $name", ({ tool, message }) => {
    expect(() => defineTool<z.ZodType, number>({ ...tool, description: "", execute: () => 1 })).toThrow(
      message,
    );
  });
});
