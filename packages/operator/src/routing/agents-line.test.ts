import { channelRoutingKind } from "@lmos/resources";
import fc from "fast-check";
import { expect, it } from "vitest";
import { agentsLine } from "./agents-line.ts";

const named = (...names: readonly string[]) => names.map((name) => ({ name }));
const many = (count: number) => named(...Array.from({ length: count }, (_, at) => `a${at}`));

it.each([
  { name: "no agent is no text", groups: [], expected: undefined },
  { name: "one agent is its name", groups: named("billing-agent"), expected: "billing-agent" },
  { name: "several keep their order", groups: named("a-agent", "b-agent"), expected: "a-agent,b-agent" },
  { name: "eight are all named", groups: many(8), expected: "a0,a1,a2,a3,a4,a5,a6,a7" },
  { name: "of more the rest is counted", groups: many(11), expected: "a0,a1,a2,a3,a4,a5,a6,a7 +3" },
])("$name", ({ groups, expected }) => {
  expect(agentsLine(groups).agents).toBe(expected);
});

it("is never longer than the resource allows, and counts every agent once", () => {
  const name = fc.string({ minLength: 1, maxLength: 253, unit: fc.constantFrom(..."abc-9") });
  fc.assert(
    fc.property(fc.array(name, { minLength: 1, maxLength: 40 }), (names) => {
      const { agents = "" } = agentsLine(named(...names));
      const [head = "", others = "0"] = agents.split(" +");
      expect(head.split(",").length + Number(others)).toBe(names.length);
      const routing = { apiVersion: "lmos.eclipse/v1", kind: "ChannelRouting", metadata: { name: "x" } };
      expect(() => channelRoutingKind.parse({ ...routing, spec: { agents } })).not.toThrow();
    }),
  );
});
