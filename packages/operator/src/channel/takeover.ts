/**
 * Notices that a capability passes from an agent that could go on providing it to another one with a higher version.
 * Where that version is far ahead, the newcomer may have chosen it in order to win.
 */
import type { EventRecord } from "@lmos/kube";
import { parseRange, parseVersion } from "@lmos/resolver";
import { conditionOf } from "@lmos/resources";
import type { Command } from "../commands.ts";
import type { RevisionWire } from "../routing/wires.ts";
import { activeWires } from "./active-wires.ts";
import type { ChannelDecision } from "./decision.ts";
import type { ChannelInput } from "./gather.ts";
import { wiresInForce } from "./wires-in-force.ts";

/** Major versions that a newcomer may be ahead of the agent that it replaces. */
const usualLead = 1;

/** A capability that passes to another agent. */
interface Takeover {
  readonly from: RevisionWire;
  readonly to: RevisionWire;
}

/** Events about what passes to another agent with this decision. */
export function takeoverEvents(decision: ChannelDecision, input: ChannelInput): readonly Command[] {
  const before = wiresInForce(input);
  const after = decision.kind === "activate" ? activeWires(decision, input) : [];
  const takeovers = after.flatMap((to) => {
    const from = incumbentOf(to, before, after);
    return from !== undefined && stillFits(from, input) ? [{ from, to }] : [];
  });
  return takeovers.map((takeover) => ({ kind: "record", event: takeoverEvent(takeover, input) }));
}

/** The wire of the same requirement that is no more. */
function incumbentOf(
  to: RevisionWire,
  before: readonly RevisionWire[],
  after: readonly RevisionWire[],
): RevisionWire | undefined {
  const isSame = (one: RevisionWire): boolean =>
    one.name === to.name && one.requiredVersion === to.requiredVersion;
  const known = before.filter(isSame);
  if (known.some(({ agent }) => agent === to.agent)) return undefined;
  return known.find(({ agent }) => !after.some((one) => isSame(one) && one.agent === agent));
}

function stillFits({ agent, name, requiredVersion }: RevisionWire, { agents }: ChannelInput): boolean {
  const incumbent = agents.find(({ metadata }) => metadata.name === agent);
  const range = parseRange(requiredVersion);
  if (conditionOf(incumbent?.status?.conditions, "Ready")?.status === "False") return false;
  return (incumbent?.spec.providedCapabilities ?? []).some((capability) => {
    const version = parseVersion(capability.version);
    return capability.name === name && version !== undefined && range?.includes(version) === true;
  });
}

function takeoverEvent({ from, to }: Takeover, { channel }: ChannelInput): EventRecord {
  const isFarAhead = majorOf(to) - majorOf(from) > usualLead;
  const moved = `${to.name} passes from ${from.agent} ${from.providedVersion} to ${to.agent} ${to.providedVersion}`;
  return {
    regarding: channel,
    type: isFarAhead ? "Warning" : "Normal",
    reason: isFarAhead ? "SuspiciousVersion" : "ProviderTakenOver",
    action: "Activate",
    note: isFarAhead ? `${moved}, although the former still fits: is that version what it says?` : moved,
  };
}

function majorOf({ providedVersion }: RevisionWire): number {
  return parseVersion(providedVersion)?.major ?? 0;
}
