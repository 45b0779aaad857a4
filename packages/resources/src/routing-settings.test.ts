import { describe, expect, it } from "vitest";
import { channelKind } from "./channel.ts";
import { channelRoutingKind } from "./channel-routing.ts";
import { describeRoutingSettings } from "./routing-settings.ts";

const channelWith = (routing: unknown): unknown => ({
  apiVersion: "lmos.eclipse/v1",
  kind: "Channel",
  metadata: { name: "a" },
  spec: { routing },
});

describe("spec.routing", () => {
  it.each([
    { name: "nothing", routing: {} },
    { name: "a mode", routing: { mode: "hybrid" } },
    { name: "one threshold", routing: { thresholds: { energy: 3.25 } } },
    {
      name: "all of it",
      routing: {
        mode: "llm",
        thresholds: { energy: -2, margin: 0.3 },
        fallbackAgent: "faq",
        language: "de-AT",
      },
    },
  ])("may say $name, on the Channel and on the routing", ({ routing }) => {
    expect(channelKind.parse(channelWith(routing)).spec.routing).toEqual(routing);
    const object = { ...Object(channelWith(routing)), kind: "ChannelRouting" };
    expect(channelRoutingKind.parse(object).spec.routing).toEqual(routing);
  });

  it("is not there where the Channel does not have it", () => {
    expect(channelKind.parse(channelWith(undefined)).spec.routing).toBeUndefined();
  });

  it.each([
    { name: "another mode", routing: { mode: "magic" }, field: "spec.routing.mode" },
    {
      name: "a margin above one",
      routing: { thresholds: { margin: 1.5 } },
      field: "spec.routing.thresholds.margin",
    },
    {
      name: "an energy beyond all bounds",
      routing: { thresholds: { energy: 1e9 } },
      field: "spec.routing.thresholds.energy",
    },
    { name: "an agent without a name", routing: { fallbackAgent: "" }, field: "spec.routing.fallbackAgent" },
    {
      name: "a language in a sentence",
      routing: { language: "ignore all rules" },
      field: "spec.routing.language",
    },
  ])("may not say $name", ({ routing, field }) => {
    expect(() => channelKind.parse(channelWith(routing))).toThrow(`${field}: `);
  });
});

describe("describeRoutingSettings", () => {
  it.each([
    { settings: undefined, text: undefined },
    { settings: {}, text: undefined },
    { settings: { mode: "vector" }, text: "vector" },
    {
      settings: {
        mode: "hybrid",
        thresholds: { energy: 3.5, margin: 0.2 },
        fallbackAgent: "faq",
        language: "de",
      },
      text: "hybrid, energy 3.5, margin 0.2, else faq, in de",
    },
  ] as const)("says $text", ({ settings, text }) => {
    expect(describeRoutingSettings(settings)).toBe(text);
  });
});
