/**
 * The resolver beside a resolution in its plainest form: every candidate is looked at, every combination is tried, and
 * versions, ranges and filters mean what a table says. For small inputs that nobody wrote down.
 */
import fc from "fast-check";
import { compare } from "semver";
import { describe, expect, it } from "vitest";
import type { Capability, Provider, Requirement, ResolutionInput } from "./model.ts";
import { distinctRequirements } from "./requirement.ts";
import { resolveChannel } from "./resolve.ts";
import { input } from "./testing/resolution-input.ts";

interface Offered {
  readonly provider: Provider;
  readonly capability: Capability;
}

const rankOf: Readonly<Record<string, number>> = {
  "1.0.0": 0,
  "v1.0.0": 0,
  "1.1.0": 1,
  "1.1.0+b": 1,
  "2.0.0-rc.1": 2,
  "2.0.0": 3,
};
const ones = ["1.0.0", "v1.0.0", "1.1.0", "1.1.0+b"];
/** The versions in each range; an invalid one has none. */
const inRange: Readonly<Record<string, readonly string[]>> = {
  ">=1.0.0": [...ones, "2.0.0"],
  "^1.0.0": ones,
  "[1.0,2.0[": ones,
  "*": [...ones, "2.0.0"],
  ">=2.0.0-0": ["2.0.0", "2.0.0-rc.1"],
};
type Attributes = Readonly<Record<string, string>>;
/** What each filter accepts; one that is none accepts nothing, whatever it names. */
const accepted: Readonly<Record<string, (attributes: Attributes) => boolean>> = {
  'attributes.region == "eu"': ({ region }) => region === "eu",
  "int(attributes.level) > 1": ({ level }) => level === "2",
  "has(attributes.region)": ({ region }) => region !== undefined,
};

function fits(
  requirement: Requirement,
  { provider, capability }: Offered,
  { channel }: ResolutionInput,
): boolean {
  const { filter } = requirement;
  const granted = capability.grantedTo ?? ["*"];
  return (
    capability.name === requirement.name &&
    provider.subset === channel.subset &&
    (provider.tenants.length === 0 || provider.tenants.includes(channel.tenant)) &&
    provider.channels.includes(channel.channel) &&
    inRange[requirement.range]?.includes(capability.version) === true &&
    (filter === undefined || accepted[filter]?.(capability.attributes ?? {}) === true) &&
    (capability.mandatory ?? []).every((attribute) => filter?.includes(attribute) === true) &&
    granted.some(
      (one) => one === "*" || one === channel.tenant || (one === "g*" && channel.tenant === "globex"),
    ) &&
    provider.overQuotaOf?.includes(channel.tenant) !== true
  );
}

/** True where one candidate each can be taken together. Which of them depends on nothing but agents and names used. */
function canBeHadTogether(slots: readonly (readonly Offered[])[], taken: readonly Offered[] = []): boolean {
  const [first, ...rest] = slots;
  if (first === undefined) return true;
  return first.some(
    (one) => taken.every((other) => agree(one, other)) && canBeHadTogether(rest, [...taken, one]),
  );
}

function agree(one: Offered, other: Offered): boolean {
  const isUsed = (by: Offered, of: Offered): boolean =>
    by.capability.uses?.includes(of.capability.name) === true;
  return one.provider === other.provider || (!isUsed(one, other) && !isUsed(other, one));
}

function mandatory(requirements: readonly Requirement[]): readonly Requirement[] {
  return distinctRequirements(requirements).filter(({ resolution }) => resolution !== "optional");
}

/** The agents that can be used, from those that need nothing to those that need them. */
function usableProviders(given: ResolutionInput): ReadonlySet<Provider> {
  const usable = new Set<Provider>();
  for (let before = -1; before < usable.size; ) {
    before = usable.size;
    for (const provider of given.providers) {
      const slots = slotsOf(mandatory(provider.requirements ?? []), usable, given);
      if (canBeHadTogether(slots)) usable.add(provider);
    }
  }
  return usable;
}

function slotsOf(
  requirements: readonly Requirement[],
  usable: ReadonlySet<Provider>,
  given: ResolutionInput,
) {
  const offered = [...usable].flatMap((provider) =>
    provider.capabilities.map((capability) => ({ provider, capability })),
  );
  return requirements.map((requirement) => offered.filter((one) => fits(requirement, one, given)));
}

/** Agent and version that a requirement is to be wired to, where nothing is used together. */
function preferred(requirement: Requirement, candidates: readonly Offered[], given: ResolutionInput) {
  const sameName = (given.current ?? []).filter(({ name }) => name === requirement.name);
  const sameRange = sameName.filter(({ range }) => range === requirement.range);
  const serving = (sameRange.length > 0 ? sameRange : sameName).map((wire) => wire.provider);
  const isLow = requirement.strategy === "LOWEST" || requirement.strategy === "MOST_SIMILAR";
  const key = ({ provider, capability }: Offered): readonly (number | string)[] => {
    const rank = rankOf[capability.version] ?? 0;
    const leaves = Number(!serving.includes(provider.name));
    const sticky = requirement.strategy === "STICKY" ? leaves : 0;
    const unready = Number(provider.ready === false);
    return [unready, sticky, isLow ? rank : 9 - rank, leaves, provider.name, capability.version];
  };
  const text = (one: Offered): string => JSON.stringify(key(one));
  return candidates
    .toSorted((left, right) => (text(left) < text(right) ? -1 : 1))
    .map(({ provider, capability }) => `${provider.name} ${capability.version}`);
}

const withoutUses: fc.Arbitrary<ResolutionInput> = input.map((given) => ({
  ...given,
  providers: given.providers.map((provider) => ({
    ...provider,
    capabilities: provider.capabilities.map(({ uses: _uses, ...capability }) => capability),
  })),
}));
/** Inputs in which much is wired: everybody serves everybody, and ranges are wide. */
const friendly = (inputs: fc.Arbitrary<ResolutionInput>): fc.Arbitrary<ResolutionInput> =>
  inputs.map((given) => ({
    ...given,
    requirements: given.requirements.map(({ filter: _filter, ...one }) => ({ ...one, range: ">=1.0.0" })),
    providers: given.providers.map((provider) => ({
      ...provider,
      subset: given.channel.subset,
      tenants: [],
      channels: ["web"],
      capabilities: provider.capabilities.map(
        ({ mandatory: _mandatory, grantedTo: _granted, ...one }) => one,
      ),
    })),
  }));

const sized = { numRuns: 400 };

it("names the version next above the range or next below it, where only the version is wrong", () => {
  const part = fc.oneof(fc.nat({ max: 3 }), fc.constantFrom(10_000, 2026, 20_261_130));
  const version = fc.tuple(part, part, part).map((parts) => parts.join("."));
  const versions = fc.uniqueArray(version, { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(versions, version, (offered, wanted) => {
      const capability = (text: string): Capability => {
        return { id: "", name: "bill", version: text, description: "", examples: [] };
      };
      const audience = { description: "", host: "h", subset: "stable", tenants: [], channels: ["web"] };
      const resolution = resolveChannel({
        channel: { tenant: "acme", channel: "web", subset: "stable" },
        requirements: [{ id: "", name: "bill", range: `=${wanted}`, strategy: "HIGHEST" }],
        providers: offered.map((text, at) => ({
          ...audience,
          name: `a${at}`,
          capabilities: [capability(text)],
        })),
      });
      fc.pre(resolution.kind === "unresolved");
      const above = offered.filter((text) => compare(text, wanted) > 0).toSorted(compare);
      const below = offered.filter((text) => compare(text, wanted) < 0).toSorted(compare);
      const cause = resolution.kind === "unresolved" ? resolution.unmet[0]?.cause : undefined;
      expect([above[0], below.at(-1)]).toContain(cause?.kind === "VersionMismatch" ? cause.version : cause);
    }),
    sized,
  );
});

describe.each([
  { name: "of all kinds", of: (inputs: fc.Arbitrary<ResolutionInput>) => inputs },
  { name: "in which much is wired", of: friendly },
])("inputs $name", ({ of }) => {
  it("are resolved exactly where everything mandatory can be had together", () => {
    fc.assert(
      fc.property(of(input), (given) => {
        const slots = slotsOf(mandatory(given.requirements), usableProviders(given), given);
        expect(resolveChannel(given).kind === "resolved").toBe(canBeHadTogether(slots));
      }),
      sized,
    );
  });

  it("are wired to what is preferred, where nothing is used together", () => {
    fc.assert(
      fc.property(of(withoutUses), (given) => {
        const usable = usableProviders(given);
        const { wires } = resolveChannel(given);
        for (const requirement of distinctRequirements(given.requirements)) {
          const [candidates = []] = slotsOf([requirement], usable, given);
          const all = preferred(requirement, candidates, given);
          const wanted = requirement.cardinality === "multiple" ? all : all.slice(0, 1);
          const own = wires.filter((wire) => wire.requirement === requirement);
          expect(own.map(({ provider, capability }) => `${provider.name} ${capability.version}`)).toEqual(
            wanted,
          );
        }
      }),
      sized,
    );
  });
});
