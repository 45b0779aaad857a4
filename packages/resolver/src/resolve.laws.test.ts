import { jsonEqual } from "@lmos/primitives";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Provider, Requirement, Resolution, ResolutionInput } from "./model.ts";
import { resolveChannel } from "./resolve.ts";

const name = fc.constantFrom("bill", "news", "weather");
const version = fc.constantFrom(
  "1.0.0",
  "1.1.0",
  "1.1.0+b",
  "2.0.0",
  "2.0.0-rc.1",
  "v1.0.0",
  "1.0",
  "latest",
  "",
);
const range = fc.constantFrom(">=1.0.0", "^1.0.0", "[1.0,2.0[", "*", "banana", "", ">=9.0.0", ">=2.0.0-0");
const subset = fc.constantFrom("stable", "canary");

const requirement: fc.Arbitrary<Requirement> = fc.record({
  id: fc.constantFrom("", "x"),
  name,
  range,
  strategy: fc.constantFrom("HIGHEST", "MOST_SIMILAR"),
});
const capability = fc.record({
  id: fc.constantFrom("", "a", "b"),
  name,
  version,
  description: fc.constantFrom("", "words"),
  examples: fc.array(fc.constantFrom("one", "two"), { maxLength: 2 }),
});
const provider: fc.Arbitrary<Provider> = fc.record({
  name: fc.constantFrom("a", "b", "c", "d", "e", "f", "g"),
  description: fc.constant(""),
  host: fc.constant("host"),
  subset,
  tenants: fc.subarray(["acme", "globex"]),
  channels: fc.subarray(["web", "ivr"]),
  capabilities: fc.array(capability, { maxLength: 4 }),
});
const input: fc.Arbitrary<ResolutionInput> = fc.record({
  channel: fc.record({ tenant: fc.constantFrom("acme", "globex"), channel: fc.constant("web"), subset }),
  requirements: fc.array(requirement, { maxLength: 5 }),
  providers: fc.uniqueArray(provider, { maxLength: 6, selector: (one) => one.name }),
});

it("gives the same outcome whatever the order of agents and capabilities", () => {
  fc.assert(
    fc.property(input, (given) => {
      const providers = given.providers
        .map((one) => ({ ...one, capabilities: one.capabilities.toReversed() }))
        .toReversed();
      expect(masked(resolveChannel({ ...given, providers }))).toEqual(masked(resolveChannel(given)));
    }),
  );
});

it("gives each requirement the same outcome whatever the order of requirements", () => {
  fc.assert(
    fc.property(input, (given) => {
      const reversed = resolveChannel({ ...given, requirements: given.requirements.toReversed() });
      expect(outcomes(reversed)).toEqual(outcomes(resolveChannel(given)));
    }),
  );
});

it("gives equal bytes for equal input", () => {
  fc.assert(
    fc.property(input, (given) => {
      expect(JSON.stringify(resolveChannel(structuredClone(given)))).toBe(
        JSON.stringify(resolveChannel(given)),
      );
    }),
  );
});

it("is not changed by an agent that provides nothing of what is required", () => {
  fc.assert(
    fc.property(input, provider, (given, unrelated) => {
      const capabilities = unrelated.capabilities.map((one) => ({ ...one, name: `other-${one.name}` }));
      const providers = [...given.providers, { ...unrelated, name: "unrelated", capabilities }];
      expect(resolveChannel({ ...given, providers })).toEqual(resolveChannel(given));
    }),
  );
});

it("wires or explains every requirement, and is resolved only when all are wired", () => {
  fc.assert(
    fc.property(input, (given) => {
      const resolution = resolveChannel(given);
      const unmet = resolution.kind === "resolved" ? [] : resolution.unmet;
      const distinct = new Set(given.requirements.map((one) => `${one.name} ${one.range} ${one.strategy}`));
      expect(resolution.wires.length + unmet.length).toBe(distinct.size);
      expect(unmet.length === 0).toBe(resolution.kind === "resolved");
      for (const one of unmet) expect(one.cause).toEqual(one.candidates[0]?.cause ?? one.cause);
    }),
  );
});

it("wires only what the audience may use", () => {
  fc.assert(
    fc.property(input, (given) => {
      for (const { provider: wired, requirement: wanted, capability: offered } of resolveChannel(given)
        .wires) {
        expect(wired.subset).toBe(given.channel.subset);
        expect(wired.channels).toContain(given.channel.channel);
        expect(wired.tenants.length === 0 || wired.tenants.includes(given.channel.tenant)).toBe(true);
        expect(offered.name).toBe(wanted.name);
      }
    }),
  );
});

/** A resolution without what the test itself reverses. */
function masked(resolution: Resolution): unknown {
  return JSON.parse(
    JSON.stringify(resolution, (key, value: unknown) => (key === "provider" ? nameOf(value) : value)),
  );
}

function nameOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && "name" in value ? value.name : value;
}

function outcomes(resolution: Resolution): readonly unknown[] {
  const unmet = resolution.kind === "resolved" ? [] : resolution.unmet;
  const all = [...resolution.wires, ...unmet].map((one) => ({
    ...one,
    requirement: { ...one.requirement, id: "" },
  }));
  return all.toSorted((left, right) =>
    jsonEqual(left, right) ? 0 : JSON.stringify(left) < JSON.stringify(right) ? -1 : 1,
  );
}
