/**
 * Agents that themselves require capabilities. An agent can be used when all it requires is provided by agents that can
 * be used, starting from those that require nothing: agents that only hold each other up cannot. Which these are does
 * not depend on the order in which they are looked at.
 */
import type { Cause } from "./cause.ts";
import { compareText } from "./compare.ts";
import type { Audience, DependencyWire, Provider, Requirement, Wire } from "./model.ts";
import type { ProviderIndex } from "./provider-index.ts";
import { type WiringContext, wireRequirements } from "./wiring.ts";

/** Which agents can be used for an audience, and how they are wired among themselves. */
export interface Dependencies {
  readonly unusable: WiringContext["unusable"];
  /** The wires of an agent that can be used; none where it requires nothing. */
  wiresOf(provider: Provider): readonly Wire[];
}

/** Finds out what can be used of all that the requirements can lead to. */
export function resolveDependencies(
  requirements: readonly Requirement[],
  scope: { readonly index: ProviderIndex; readonly audience: Audience },
): Dependencies {
  const requirers = requirersBehind(requirements, scope.index);
  if (requirers.length === 0) return noDependencies;
  const wires = new Map<Provider, readonly Wire[]>();
  const blocked = new Map<Provider, Blockage>();
  const wire: WireAgent = (provider, unusable) =>
    wireRequirements(provider.requirements ?? [], { ...scope, current: [], unusable });
  findUsable(requirers, wires, wire);
  const remaining = requirers.filter((provider) => !wires.has(provider));
  findBlockages(remaining, blocked, wire);
  return {
    unusable: (provider, capability) => causeOf(provider, capability, blocked),
    wiresOf: (provider) => wires.get(provider) ?? [],
  };
}

/** The wires among the agents that these wires lead to, ordered by the agent that requires. */
export function dependencyWires(
  wires: readonly Wire[],
  { wiresOf }: Pick<Dependencies, "wiresOf">,
): readonly DependencyWire[] {
  if (wiresOf === noDependencies.wiresOf) return [];
  const reached = new Set(wires.map(({ provider }) => provider));
  for (const provider of reached) for (const wire of wiresOf(provider)) reached.add(wire.provider);
  return [...reached]
    .toSorted((left, right) => compareText(left.name, right.name))
    .flatMap((provider) => wiresOf(provider).map((wire) => ({ consumer: provider.name, ...wire })));
}

const noDependencies: Dependencies = { unusable: () => undefined, wiresOf: () => [] };

/** Why an agent cannot be used: what it lacks, or the agent of the same circle that it needs next. */
type Blockage =
  | { readonly kind: "lacks"; readonly requires: string; readonly because: Cause }
  | { readonly kind: "circle"; readonly next: Provider };

type WireAgent = (
  provider: Provider,
  unusable: WiringContext["unusable"],
) => ReturnType<typeof wireRequirements>;

/** Stands for an agent that is not known to be usable yet; never shown. */
const undecided: Cause = { kind: "NoProvider", capability: "" };

/** Repeats until no further agent turns out to be usable. Agents come after those that they may need, so that is soon. */
function findUsable(
  requirers: readonly Provider[],
  wires: Map<Provider, readonly Wire[]>,
  wire: WireAgent,
): void {
  const requiring = new Set(requirers);
  const unusable = (provider: Provider): Cause | undefined =>
    requiring.has(provider) && !wires.has(provider) ? undecided : undefined;
  for (let before = -1; before < wires.size; ) {
    before = wires.size;
    for (const provider of requirers) {
      if (wires.has(provider)) continue;
      const outcome = wire(provider, unusable);
      if (outcome.unmet.length === 0) wires.set(provider, outcome.wires);
    }
  }
}

/** Sets aside the agents that lack something even if all others could be used; what is left goes round in circles. */
function findBlockages(
  remaining: readonly Provider[],
  blocked: Map<Provider, Blockage>,
  wire: WireAgent,
): void {
  const unusable: WiringContext["unusable"] = (provider, capability) =>
    causeOf(provider, capability, blocked);
  for (let before = -1; before < blocked.size; ) {
    before = blocked.size;
    for (const provider of remaining) {
      const [unmet] = blocked.has(provider) ? [] : wire(provider, unusable).unmet;
      if (unmet === undefined) continue;
      blocked.set(provider, { kind: "lacks", requires: unmet.requirement.name, because: unmet.cause });
    }
  }
  const circling = remaining.filter((provider) => !blocked.has(provider));
  const isCircling = new Set(circling);
  const nexts = circling.map((provider) => {
    const targets = wire(provider, unusable).wires.map((each) => each.provider);
    return [provider, targets.find((target) => isCircling.has(target)) ?? provider] as const;
  });
  for (const [provider, next] of nexts) blocked.set(provider, { kind: "circle", next });
}

function causeOf(
  provider: Provider,
  capability: string,
  blocked: ReadonlyMap<Provider, Blockage>,
): Cause | undefined {
  const blockage = blocked.get(provider);
  if (blockage === undefined) return undefined;
  const about = { capability, provider: provider.name };
  if (blockage.kind === "circle") return { kind: "Cycle", ...about, path: circleFrom(provider, blocked) };
  return { kind: "ProviderUnresolved", ...about, requires: blockage.requires, because: blockage.because };
}

function circleFrom(start: Provider, blocked: ReadonlyMap<Provider, Blockage>): readonly string[] {
  const path = new Set<Provider>();
  for (let provider: Provider | undefined = start; provider !== undefined; ) {
    if (path.has(provider)) return [...path, provider].map(({ name }) => name);
    path.add(provider);
    const blockage: Blockage | undefined = blocked.get(provider);
    provider = blockage?.kind === "circle" ? blockage.next : undefined;
  }
  return [...path].map(({ name }) => name);
}

/**
 * The agents with requirements of their own that these requirements can lead to, each after those that it can lead to
 * itself. Not recursive: whoever writes agents decides how long their chain is.
 */
function requirersBehind(requirements: readonly Requirement[], index: ProviderIndex): readonly Provider[] {
  const found = new Set<Provider>();
  const seen = new Set<Provider>();
  const stack = requirersOf(requirements, index).toReversed();
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const isNew = !seen.has(top);
    seen.add(top);
    const open = isNew ? requirersOf(top.requirements ?? [], index).filter((each) => !seen.has(each)) : [];
    if (open.length > 0) stack.push(...open.toReversed());
    else {
      found.add(top);
      stack.pop();
    }
  }
  return [...found];
}

function requirersOf(requirements: readonly Requirement[], index: ProviderIndex): readonly Provider[] {
  const found = requirements.flatMap(({ name }) => index.requirersOf(name));
  return [...new Set(found)].toSorted((left, right) => compareText(left.name, right.name));
}
