import { channelKind, type RoutingSettings } from "@lmos/resources";
import { describe, expect, it } from "vitest";
import { buildRouting } from "./routing-object.ts";

function routingOf(routing: RoutingSettings | undefined) {
  const channel = channelKind.parse({
    apiVersion: "lmos.eclipse/v1",
    kind: "Channel",
    metadata: { name: "acme-web", namespace: "shop", uid: "1", labels: { tenant: "acme", channel: "web" } },
    spec: { requiredCapabilities: [], ...(routing === undefined ? {} : { routing }) },
  });
  return buildRouting(channel, { revision: 1, live: undefined }, []);
}

describe("the settings of a routing", () => {
  it.each([
    { name: "none where the Channel has none", routing: undefined, expected: undefined },
    { name: "none where the Channel's are empty", routing: {}, expected: undefined },
    {
      name: "none where they hold nothing but an empty object",
      routing: { thresholds: {} },
      expected: undefined,
    },
    {
      name: "without the thresholds that say nothing",
      routing: { language: "de", thresholds: {} },
      expected: { language: "de" },
    },
    {
      name: "as they are",
      routing: { mode: "hybrid", thresholds: { margin: 0.1 }, fallbackAgent: "help" },
      expected: { mode: "hybrid", thresholds: { margin: 0.1 }, fallbackAgent: "help" },
    },
    {
      name: "with a threshold of 0",
      routing: { thresholds: { energy: 0 } },
      expected: { thresholds: { energy: 0 } },
    },
  ] as const)("are $name", ({ routing, expected }) => {
    expect(routingOf(routing).spec.routing).toEqual(expected);
  });
});

it("names its agents in one text where it has some", () => {
  expect(routingOf(undefined).spec).not.toHaveProperty("agents");
});
