/**
 * Agents made ready for many resolutions: capabilities by name with their versions read once, and ranges and filters
 * read once for each text. What it remembers never changes an outcome.
 */
import type { SemVer } from "semver";
import { compareText } from "./compare.ts";
import { type Filter, parseFilter } from "./filter.ts";
import type { Candidate, Provider } from "./model.ts";
import { parseRange, type VersionRange } from "./range.ts";
import { parseVersion } from "./version.ts";

/** A candidate with its version read; undefined where that is not a semantic version. */
export interface Offer extends Candidate {
  readonly version: SemVer | undefined;
}

/** Agents by what they provide. For as many resolutions as wanted, as long as the agents stay the same. */
export interface ProviderIndex {
  /** All capabilities of that name. */
  offersOf(name: string): readonly Offer[];
  /** The agents that provide that name and have requirements of their own, by name. */
  requirersOf(name: string): readonly Provider[];
  /** False where no capability of that name uses others, so that there is nothing to search. */
  mayUse(name: string): boolean;
  readRange(text: string): VersionRange | undefined;
  readFilter(text: string): Filter | undefined;
}

/** Indexes the agents. */
export function indexProviders(providers: readonly Provider[]): ProviderIndex {
  const readVersion = memoise(parseVersion);
  const offers = new Map<string, Offer[]>();
  for (const provider of providers) {
    for (const capability of provider.capabilities) {
      const offer = { provider, capability, version: readVersion(capability.version) };
      const others = offers.get(capability.name);
      if (others === undefined) offers.set(capability.name, [offer]);
      else others.push(offer);
    }
  }
  return {
    offersOf: (name) => offers.get(name) ?? [],
    requirersOf: memoise((name) => requirersAmong(offers.get(name) ?? [])),
    mayUse: memoise(
      (name) => offers.get(name)?.some(({ capability }) => capability.uses !== undefined) ?? false,
    ),
    readRange: memoise(rememberingRange),
    readFilter: memoise(parseFilter),
  };
}

function requirersAmong(offers: readonly Offer[]): readonly Provider[] {
  const providers = offers.map(({ provider }) => provider);
  const requiring = providers.filter(({ requirements = [] }) => requirements.length > 0);
  return [...new Set(requiring)].toSorted((left, right) => compareText(left.name, right.name));
}

function rememberingRange(text: string): VersionRange | undefined {
  const range = parseRange(text);
  if (range === undefined) return undefined;
  const known = new Map<SemVer, boolean>();
  return {
    lowerBound: range.lowerBound,
    includes: (version) => {
      const remembered = known.get(version);
      if (remembered !== undefined) return remembered;
      const isIncluded = range.includes(version);
      known.set(version, isIncluded);
      return isIncluded;
    },
  };
}

function memoise<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, { readonly value: T }>();
  return (text) => {
    const remembered = known.get(text);
    if (remembered !== undefined) return remembered.value;
    const value = read(text);
    known.set(text, { value });
    return value;
  };
}
