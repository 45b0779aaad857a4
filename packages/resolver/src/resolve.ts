/**
 * The resolution (explained in docs/resolution.md): every requirement is wired to one capability of one agent, or is
 * unmet with a cause. Pure: equal input gives equal output, and the order of providers never matters.
 */
import type { SemVer } from "semver";
import { type Demand, siftCandidates } from "./candidates.ts";
import type {
  Candidate,
  Provider,
  Requirement,
  Resolution,
  ResolutionInput,
  UnmetRequirement,
  Wire,
} from "./model.ts";
import { orderByNearness } from "./nearest.ts";
import { parseRange } from "./range.ts";
import { compareByStrategy } from "./strategy.ts";
import { parseVersion } from "./version.ts";

type Outcome =
  | { readonly kind: "wired"; readonly wire: Wire }
  | { readonly kind: "unmet"; readonly unmet: UnmetRequirement };

/** Wires the requirements of a channel to what the agents provide. Never throws: what cannot be read is a cause. */
export function resolveChannel(input: ResolutionInput): Resolution {
  const requirements = distinctRequirements(input.requirements);
  const candidates = candidatesByName(requirements, input.providers);
  const readVersion = memoise(parseVersion);
  const outcomes = requirements.map((requirement) =>
    resolveRequirement(requirement, candidates.get(requirement.name) ?? [], {
      audience: input.channel,
      readVersion,
    }),
  );
  const wires = outcomes.flatMap((outcome) => (outcome.kind === "wired" ? [outcome.wire] : []));
  const unmet = outcomes.flatMap((outcome) => (outcome.kind === "unmet" ? [outcome.unmet] : []));
  return unmet.length === 0 ? { kind: "resolved", wires } : { kind: "unresolved", wires, unmet };
}

/** The requirements without those that repeat name, range and strategy of an earlier one. */
export function distinctRequirements(requirements: readonly Requirement[]): readonly Requirement[] {
  const seen = new Map<string, Requirement>();
  for (const requirement of requirements) {
    const identity = JSON.stringify([requirement.name, requirement.range, requirement.strategy]);
    if (!seen.has(identity)) seen.set(identity, requirement);
  }
  return [...seen.values()];
}

function resolveRequirement(
  requirement: Requirement,
  candidates: readonly Candidate[],
  context: Pick<Demand, "audience" | "readVersion">,
): Outcome {
  const { name, range: text, strategy } = requirement;
  const range = parseRange(text);
  if (range === undefined) {
    const cause = { kind: "InvalidRange", capability: name, range: text } as const;
    return { kind: "unmet", unmet: { requirement, cause, candidates: [] } };
  }
  const demand = { ...context, requirement, range };
  const { fitting, rejected } = siftCandidates(candidates, demand);
  const best = fitting.toSorted(compareByStrategy(strategy))[0];
  if (best !== undefined) return { kind: "wired", wire: { requirement, ...best.candidate } };
  const nearest = orderByNearness(rejected, demand);
  const cause = nearest[0]?.cause ?? { kind: "NoProvider", capability: name };
  return { kind: "unmet", unmet: { requirement, cause, candidates: nearest } };
}

function candidatesByName(
  requirements: readonly Requirement[],
  providers: readonly Provider[],
): ReadonlyMap<string, readonly Candidate[]> {
  const byName = new Map<string, Candidate[]>(requirements.map(({ name }) => [name, []]));
  for (const provider of providers) {
    for (const capability of provider.capabilities) {
      byName.get(capability.name)?.push({ provider, capability });
    }
  }
  return byName;
}

/** Reads each text once a call: many candidates carry the same version. */
function memoise(read: (text: string) => SemVer | undefined): (text: string) => SemVer | undefined {
  const known = new Map<string, SemVer | undefined>();
  return (text) => {
    if (!known.has(text)) known.set(text, read(text));
    return known.get(text);
  };
}
