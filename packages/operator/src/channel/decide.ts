/**
 * What is to become of a Channel's routing. The activation rule: a routing is replaced as a whole by that of a complete
 * resolution, and left alone otherwise (W1).
 */
import {
  type Candidate,
  distinctRequirements,
  type Requirement,
  type Resolution,
  resolveChannel,
  type UnmetRequirement,
  type Wire,
} from "@lmos/resolver";
import { type Channel, channelIdentityOf, channelLabel, tenantLabel } from "@lmos/resources";
import type { ChannelInput } from "./gather.ts";
import { providerOf, requirementsOf } from "./requirements.ts";

/** What is to become of a Channel's routing. */
export type ChannelDecision =
  /** All is provided: the routing is to be exactly these wires. */
  | { readonly kind: "activate"; readonly wires: readonly Wire[] }
  /** Something is not provided: the routing, if there is one, stays as it is. */
  | {
      readonly kind: "keep";
      readonly wires: readonly Wire[];
      readonly unmet: readonly UnmetRequirement[];
    }
  /** All is provided, but an older Channel has the same identity. */
  | { readonly kind: "yield"; readonly wires: readonly Wire[]; readonly to: string }
  /** The Channel's labels do not say whose it is. */
  | { readonly kind: "mislabelled"; readonly missing: readonly string[]; readonly required: number };

/** Decides. Pure; the same input gives the same decision. */
export function decideChannel(input: ChannelInput): ChannelDecision {
  const { channel } = input;
  const requirements = requirementsOf(channel);
  const missing = [tenantLabel, channelLabel].filter((label) => !channel.metadata.labels?.[label]);
  if (missing.length > 0) {
    return { kind: "mislabelled", missing, required: distinctRequirements(requirements).length };
  }
  const resolution = resolve(input, requirements);
  if (resolution.kind === "unresolved") {
    return { kind: "keep", wires: resolution.wires, unmet: resolution.unmet };
  }
  const rival = input.rivals.find((other) => isOlder(other, channel));
  if (rival !== undefined) return { kind: "yield", wires: resolution.wires, to: rival.metadata.name };
  return { kind: "activate", wires: resolution.wires };
}

function resolve({ channel, agents }: ChannelInput, requirements: readonly Requirement[]): Resolution {
  return resolveChannel({
    channel: channelIdentityOf(channel),
    requirements,
    providers: agents.flatMap((agent) => providerOf(agent) ?? []),
  });
}

/** By creation, then by name. */
function isOlder(other: Channel, channel: Channel): boolean {
  return ageOrder(other) < ageOrder(channel);
}

function ageOrder({ metadata }: Channel): string {
  return `${metadata.creationTimestamp ?? ""} ${metadata.name}`;
}

/** The names of the agents of these wires, each once, in order. */
export function agentNamesOf(wires: readonly Candidate[]): readonly string[] {
  return [...new Set(wires.map(({ provider }) => provider.name))].sort();
}
