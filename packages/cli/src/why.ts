/** Why a channel is wired as it is: every requirement with its candidates, and for each what became of it. Pure. */
import {
  type Audience,
  type Cause,
  type CurrentWire,
  distinctRequirements,
  type Provider,
  type Refusal,
  type Requirement,
  resolveChannel,
} from "@lmos/resolver";

/** What became of one candidate. */
export type Fate =
  | { readonly kind: "wired" }
  | { readonly kind: "outranked" }
  | { readonly kind: "rejected"; readonly cause: Cause };

/** An agent that provides a capability of the wanted name. */
export interface ExaminedCandidate {
  readonly agent: string;
  readonly version: string;
  readonly fate: Fate;
}

/** A requirement and all its candidates, the wired one first. */
export interface ExaminedRequirement {
  readonly requirement: Requirement;
  readonly wired: ExaminedCandidate | undefined;
  /** Why nothing is wired. */
  readonly cause: Cause | undefined;
  readonly candidates: readonly ExaminedCandidate[];
}

/** Whom the requirements are examined for. */
export interface ExaminedChannel extends Audience {
  /** The wires in force. */
  readonly current?: readonly CurrentWire[];
  /** Why it gets no wire at all. */
  readonly refusal?: Refusal | undefined;
}

/** Examines each requirement of a channel against all agents. */
export function examine(
  channel: ExaminedChannel,
  requirements: readonly Requirement[],
  providers: readonly Provider[],
): readonly ExaminedRequirement[] {
  const { current, refusal } = channel;
  const examineOne = (requirement: Requirement): ExaminedRequirement => {
    const resolution = resolveChannel({ channel, requirements: [requirement], providers, current, refusal });
    const [wire] = resolution.wires;
    const isWired = (agent: string, version: string): boolean =>
      wire?.provider.name === agent && wire.capability.version === version;
    const candidates = candidatesOf(requirement, providers).map(({ provider, version }) => ({
      agent: provider.name,
      version,
      fate: isWired(provider.name, version)
        ? wired
        : fateAlone(channel, requirement, providers.map(withoutRivals(requirement, { provider, version })), {
            provider,
            isRivalReady: wire?.provider.ready !== false,
          }),
    }));
    const ordered = candidates.toSorted((a, b) => rank(a) - rank(b));
    return {
      requirement,
      wired: ordered.find(({ fate }) => fate.kind === "wired"),
      cause: resolution.kind === "unresolved" ? resolution.unmet[0]?.cause : undefined,
      candidates: ordered,
    };
  };
  return distinctRequirements(requirements).map(examineOne);
}

const wired: Fate = { kind: "wired" };

/** What becomes of a candidate that has no rival: it fits and was outranked, or it does not fit at all. */
function fateAlone(
  channel: ExaminedChannel,
  requirement: Requirement,
  providers: readonly Provider[],
  { provider, isRivalReady }: { readonly provider: Provider; readonly isRivalReady: boolean },
): Fate {
  const alone = resolveChannel({
    channel,
    requirements: [requirement],
    providers,
    refusal: channel.refusal,
  });
  const unmet = alone.kind === "unresolved" ? alone.unmet : alone.skipped;
  const cause = unmet[0]?.cause;
  if (cause !== undefined) return { kind: "rejected", cause };
  if (provider.ready !== false || !isRivalReady) return { kind: "outranked" };
  const about = { capability: requirement.name, provider: provider.name };
  return { kind: "rejected", cause: { kind: "ProviderNotReady", ...about } };
}

function candidatesOf(
  { name }: Requirement,
  providers: readonly Provider[],
): readonly { readonly provider: Provider; readonly version: string }[] {
  return providers.flatMap((provider) =>
    provider.capabilities
      .filter((capability) => capability.name === name)
      .map(({ version }) => ({ provider, version })),
  );
}

/** All agents with all that they provide, but of the required name only that one candidate: others may be needed by it. */
function withoutRivals(
  { name }: Requirement,
  candidate: { readonly provider: Provider; readonly version: string },
): (provider: Provider) => Provider {
  return (provider) => {
    const isOwn = (version: string): boolean =>
      provider === candidate.provider && version === candidate.version;
    const capabilities = provider.capabilities.filter((one) => one.name !== name || isOwn(one.version));
    return { ...provider, capabilities };
  };
}

function rank({ fate }: ExaminedCandidate): number {
  return ["wired", "outranked", "rejected"].indexOf(fate.kind);
}

/** A channel, and the capability after the first slash: channels have none in their names, capabilities may. */
export function readAddress(address: string): {
  readonly name: string;
  readonly capability: string | undefined;
} {
  const slash = address.indexOf("/");
  if (slash < 0) return { name: address, capability: undefined };
  return { name: address.slice(0, slash), capability: address.slice(slash + 1) };
}
