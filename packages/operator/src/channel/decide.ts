/**
 * What is to become of a Channel's routing. The activation rule: a routing is replaced as a whole by that of a complete
 * resolution (W1). While something is missing, the Channel's activation policy says what becomes of it; a routing that
 * is held at a revision stays that.
 */
import { distinctRequirements, type Resolution, resolveChannel } from "@lmos/resolver";
import { type Channel, type ChannelRevision, channelIdentityOf, missingLabelsOf } from "@lmos/resources";
import { withGrants } from "../grants/channel-grants.ts";
import { revisionWires } from "../routing/wires.ts";
import type { ChannelDecision, Findings } from "./decision.ts";
import { enforceGrants } from "./enforce.ts";
import type { ChannelInput } from "./gather.ts";
import { isPassedOver } from "./readiness.ts";
import { providerOf, requirementsOf } from "./requirements.ts";
import { differsFrom, revisionNumber } from "./revisions.ts";
import { wiresInForce } from "./wires-in-force.ts";

/** Decides. Pure; the same input gives the same decision. */
export function decideChannel(input: ChannelInput): ChannelDecision {
  const decision = decideUnrestricted(input);
  return input.grants?.mode === "enforce" ? enforceGrants(decision, input, input.grants) : decision;
}

function decideUnrestricted(input: ChannelInput): ChannelDecision {
  const { channel } = input;
  const missing = missingLabelsOf(channel);
  if (missing.length > 0) {
    return { kind: "mislabelled", missing, required: distinctRequirements(requirementsOf(channel)).length };
  }
  const findings = findingsOf(resolve(input));
  const decision = decideAlone(findings, input);
  const rival = input.rivals.find((other) => isOlder(other, channel));
  const isActive = decision.kind === "activate" || decision.kind === "pin";
  return rival !== undefined && isActive ? { kind: "yield", ...findings, to: rival.metadata.name } : decision;
}

/** As if no other Channel had its identity. */
function decideAlone(findings: Findings, input: ChannelInput): ChannelDecision {
  const { channel } = input;
  const wanted = channel.spec.pinnedRevision;
  if (wanted !== undefined)
    return { kind: "pin", ...findings, wanted, revision: revisionOf(channel, wanted) };
  return findings.unmet.length === 0 ? activate(findings, input) : withoutSome(findings, input);
}

function activate(findings: Findings, { channel, routing }: ChannelInput): ChannelDecision {
  const revision = revisionNumber(revisionWires(findings.wires), channel, routing);
  return { kind: "activate", ...findings, revision };
}

function withoutSome(findings: Findings, input: ChannelInput): ChannelDecision {
  switch (input.channel.spec.activationPolicy) {
    case "Partial":
      return activate(findings, input);
    case "Fail":
      return { kind: "remove", ...findings };
    default:
      return { kind: "keep", ...findings, restore: lostRevision(input) };
  }
}

/** The active revision, where the routing no longer holds it: somebody edited or deleted that by hand. */
function lostRevision({ channel, routing }: ChannelInput): ChannelRevision | undefined {
  const active = channel.status?.activeRevision;
  const revision = active === undefined ? undefined : revisionOf(channel, active);
  // A newer number is ours: the routing was written, and the status is yet to be.
  if (revision === undefined || (routing?.spec.revision ?? 0) > revision.revision) return undefined;
  return differsFrom(routing, revision) ? revision : undefined;
}

function revisionOf({ status }: Channel, wanted: number): ChannelRevision | undefined {
  return status?.revisions?.find(({ revision }) => revision === wanted);
}

function resolve(input: ChannelInput): Resolution {
  const { channel, agents, grants, nowMs } = input;
  const enforced = grants?.mode === "enforce" ? grants : undefined;
  return resolveChannel({
    channel: channelIdentityOf(channel),
    requirements: requirementsOf(channel),
    providers: agents.flatMap((agent) => {
      const provider = providerOf(agent);
      if (provider === undefined) return [];
      const granted = enforced === undefined ? provider : withGrants(provider, enforced);
      return [{ ...granted, ready: !isPassedOver(agent, nowMs) }];
    }),
    current: wiresInForce(input).map(({ name, requiredVersion, agent }) => {
      return { name, range: requiredVersion, provider: agent };
    }),
    refusal: enforced?.refusal,
  });
}

function findingsOf(resolution: Resolution): Findings {
  const { wires, skipped } = resolution;
  return { wires, skipped, unmet: resolution.kind === "resolved" ? [] : resolution.unmet };
}

/** By creation, then by name. */
function isOlder(other: Channel, channel: Channel): boolean {
  return ageOrder(other) < ageOrder(channel);
}

function ageOrder({ metadata }: Channel): string {
  return `${metadata.creationTimestamp ?? ""} ${metadata.name}`;
}
