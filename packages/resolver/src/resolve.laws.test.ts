import { jsonEqual } from "@lmos/primitives";
import fc from "fast-check";
import { expect, it } from "vitest";
import { explainUnmet } from "./explain.ts";
import type { CurrentWire, Resolution, ResolutionInput, UnmetRequirement, Wire } from "./model.ts";
import { indexProviders } from "./provider-index.ts";
import { distinctRequirements, identityOf } from "./requirement.ts";
import { resolveChannel, resolveIn } from "./resolve.ts";
import { input, provider } from "./testing/resolution-input.ts";

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
      const unmet = unmetOf(resolution);
      const distinct = distinctRequirements(given.requirements);
      const outcomes = [...resolution.wires, ...unmet, ...resolution.skipped].map((one) => one.requirement);
      expect(new Set(outcomes)).toEqual(new Set(distinct));
      expect(unmet.every((one) => one.requirement.resolution !== "optional")).toBe(true);
      expect(resolution.skipped.every((one) => one.requirement.resolution === "optional")).toBe(true);
      expect(unmet.length === 0).toBe(resolution.kind === "resolved");
      for (const one of [...unmet, ...resolution.skipped]) {
        expect(explainUnmet(one)).not.toBe("");
        expect(one.cause).toMatchObject({ capability: one.requirement.name });
      }
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

it("S1 S2 wires only what is granted to the tenant, also behind the channel, and nothing of a channel that is refused", () => {
  const isGranted = ({ capability, provider }: Wire, tenant: string): boolean => {
    const patterns = capability.grantedTo ?? [tenant];
    const isFor = patterns.some(
      (one) => one === tenant || one === "*" || (one === "g*" && tenant === "globex"),
    );
    return isFor && provider.overQuotaOf?.includes(tenant) !== true;
  };
  fc.assert(
    fc.property(input, (given) => {
      const { wires, dependencies } = resolveChannel(given);
      const all = [...wires, ...dependencies];
      expect(all.filter((wire) => !isGranted(wire, given.channel.tenant))).toEqual([]);
      const refusal = { kind: "ChannelQuotaExceeded", tenant: given.channel.tenant, quota: 1 } as const;
      const refused = resolveChannel({ ...given, refusal });
      expect(refused).toMatchObject({ kind: "unresolved", wires: [], dependencies: [], skipped: [] });
    }),
  );
});

it("S2 is not changed by agents that nobody granted anything, whatever they claim", () => {
  const strangers = fc.array(provider, { maxLength: 3 }).map((some) =>
    some.map((one, at) => ({
      ...one,
      name: `stranger-${at}`,
      capabilities: one.capabilities.map((each) => ({ ...each, version: "999.0.0", grantedTo: [] })),
    })),
  );
  fc.assert(
    fc.property(input, strangers, (given, more) => {
      const before = resolveChannel(given);
      const after = resolveChannel({ ...given, providers: [...given.providers, ...more] });
      expect(after.wires).toEqual(before.wires);
      expect(after.dependencies).toEqual(before.dependencies);
    }),
  );
});

it("takes from one agent what must be used together", () => {
  fc.assert(
    fc.property(input, (given) => {
      const { wires } = resolveChannel(given);
      for (const wire of wires) {
        const used = wires.filter((other) => wire.capability.uses?.includes(other.capability.name));
        for (const other of used.filter(({ requirement }) => requirement !== wire.requirement)) {
          expect(other.provider).toBe(wire.provider);
        }
      }
    }),
  );
});

it("wires one capability to each requirement, and several only where it says so", () => {
  fc.assert(
    fc.property(input, (given) => {
      const single = resolveChannel(given).wires.filter(
        (wire) => wire.requirement.cardinality !== "multiple",
      );
      expect(new Set(single.map((wire) => wire.requirement)).size).toBe(single.length);
    }),
  );
});

it("wires only agents whose own needs are met by agents that do not need them in turn", () => {
  fc.assert(
    fc.property(input, (given) => {
      const { wires, dependencies } = resolveChannel(given);
      const needs = new Map<string, Set<string>>();
      for (const { consumer, provider: used } of dependencies) {
        needs.set(consumer, new Set([...(needs.get(consumer) ?? []), used.name]));
      }
      for (const { provider: wired } of [...wires, ...dependencies]) {
        const met = dependencies
          .filter(({ consumer }) => consumer === wired.name)
          .map((one) => one.requirement);
        for (const one of wired.requirements ?? []) {
          if (one.resolution !== "optional") expect(met.map(identityOf)).toContain(identityOf(one));
        }
        expect(behind(wired.name, needs)).not.toContain(wired.name);
      }
    }),
  );
});

it("never moves a wire to an agent that is no better than the current one", () => {
  fc.assert(
    fc.property(input, provider, fc.nat(9), (given, newcomer, at) => {
      const before = resolveChannel(given);
      const model = before.wires[at % Math.max(1, before.wires.length)];
      const capabilities = model === undefined ? [] : [model.capability];
      const equal = { ...(model?.provider ?? newcomer), name: "0-first-by-name", capabilities };
      const current = before.wires.map(wireInForce);
      const after = resolveChannel({ ...given, providers: [...given.providers, equal], current });
      const single = (resolution: Resolution) =>
        resolution.wires.filter((wire) => wire.requirement.cardinality !== "multiple").map(wireInForce);
      const again = resolveChannel({ ...given, current });
      if (usesNothing(given)) expect(single(after)).toEqual(single(again));
    }),
  );
});

it("is at rest: resolving again with its own wires in force changes nothing", () => {
  fc.assert(
    fc.property(input, (given) => {
      const wires = resolveChannel(given).wires;
      const again = resolveChannel({ ...given, current: wires.map(wireInForce) });
      if (usesNothing(given)) expect(again.wires).toEqual(wires);
    }),
  );
});

it("gives the same outcome from an index that other channels were resolved in before", () => {
  fc.assert(
    fc.property(input, input, ({ providers, ...request }, { requirements, channel }) => {
      const index = indexProviders(providers);
      resolveIn(index, { requirements, channel });
      expect(resolveIn(index, request)).toEqual(resolveChannel({ ...request, providers }));
    }),
  );
});

function unmetOf(resolution: Resolution): readonly UnmetRequirement[] {
  return resolution.kind === "resolved" ? [] : resolution.unmet;
}

function wireInForce({ requirement: { name: required, range: wanted }, provider: wired }: Wire): CurrentWire {
  return { name: required, range: wanted, provider: wired.name };
}

/** Where things must be used together, a wire may have to move so that another can stay. */
function usesNothing({ providers }: ResolutionInput): boolean {
  return providers.every((one) => one.capabilities.every(({ uses = [] }) => uses.length === 0));
}

/** All that an agent needs, directly or through others. */
function behind(start: string, needs: ReadonlyMap<string, ReadonlySet<string>>): ReadonlySet<string> {
  const reached = new Set(needs.get(start));
  for (const one of reached) for (const next of needs.get(one) ?? []) reached.add(next);
  return reached;
}

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
  const all = [...resolution.wires, ...unmetOf(resolution), ...resolution.skipped].map((one) => ({
    ...one,
    // What is left out and what is said to be the default are the same requirement, of which one spelling stays.
    requirement: { resolution: "mandatory", cardinality: "single", ...one.requirement, id: "" },
  }));
  return all.toSorted((left, right) =>
    jsonEqual(left, right) ? 0 : JSON.stringify(left) < JSON.stringify(right) ? -1 : 1,
  );
}
