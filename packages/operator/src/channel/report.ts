/** Says in a Channel's status what was decided and why. Equal decisions give equal text. */
import { keyOf, keyText } from "@lmos/kube";
import { explainUnmet, type UnmetRequirement } from "@lmos/resolver";
import {
  type Channel,
  type ChannelStatus,
  conditionOf,
  describeRoutingSettings,
  transition,
} from "@lmos/resources";
import { revisionWires } from "../routing/wires.ts";
import { type Verdict, verdict } from "../verdict.ts";
import { activatedVerdict } from "./activated.ts";
import { activeAgents } from "./active-wires.ts";
import type { ChannelDecision } from "./decision.ts";
import type { ChannelInput } from "./gather.ts";
import { grantedVerdict } from "./granted.ts";
import { readyVerdict } from "./ready.ts";
import { resolvedVerdict } from "./resolved.ts";
import { keepRevisions } from "./revisions.ts";
import { namedUnmet, progress, requirementText } from "./unmet-text.ts";

/** The whole status of the Channel, its times as of `now` (RFC 3339). */
export function reportChannel(decision: ChannelDecision, input: ChannelInput, now: string): ChannelStatus {
  const { channel } = input;
  const resolved = resolvedVerdict(decision);
  const activated = activatedVerdict(decision, input);
  const conditions = {
    Resolved: resolved,
    Activated: activated,
    Ready: readyVerdict(decision, input, [resolved, activated]),
    ...optionalVerdicts(decision, input),
  };
  const observedGeneration = channel.metadata.generation;
  const decided = Object.entries(conditions).map(([type, verdict]) => ({
    type,
    ...verdict,
    ...(observedGeneration === undefined ? {} : { observedGeneration }),
  }));
  return {
    resolveStatus: resolved.status === "True" ? "RESOLVED" : "UNRESOLVED",
    unresolvedRequiredCapabilities: unmetOf(decision).map(unresolvedEntry),
    ...(observedGeneration === undefined ? {} : { observedGeneration }),
    conditions: [...transition(channel.status?.conditions, decided, now)],
    resolved: progress(decision),
    agents: activeAgents(decision, input).length,
    ...unresolvedLine(unmetOf(decision)),
    ...(input.grants === undefined ? {} : { grants: input.grants.mode }),
    ...routingLine(channel),
    ...revisions(decision, channel, now),
  };
}

function routingLine({ spec }: Channel): Pick<ChannelStatus, "routing"> {
  const routing = describeRoutingSettings(spec.routing);
  return routing === undefined ? {} : { routing };
}

/** Which revision is active, and those to keep. While a routing is kept or held, they stay as they are. */
function revisions(
  decision: ChannelDecision,
  channel: Channel,
  now: string,
): Pick<ChannelStatus, "activeRevision" | "revisions"> {
  const stored = channel.status?.revisions;
  const known = stored === undefined ? {} : { revisions: stored };
  if (decision.kind === "activate") {
    const { revision } = decision;
    const active = { revision, wires: revisionWires(decision.wires) };
    return { activeRevision: revision, revisions: [...keepRevisions(channel, active, now)] };
  }
  if (decision.kind === "withhold" && decision.remaining.length > 0) {
    const { revision, remaining: wires } = decision;
    return { activeRevision: revision, revisions: [...keepRevisions(channel, { revision, wires }, now)] };
  }
  if (["remove", "refuse", "withhold"].includes(decision.kind)) return known;
  const active = decision.kind === "pin" ? decision.revision?.revision : channel.status?.activeRevision;
  return active === undefined ? known : { ...known, activeRevision: active };
}

/** Conditions that are there only where they say something. */
function optionalVerdicts(decision: ChannelDecision, input: ChannelInput): Readonly<Record<string, Verdict>> {
  const granted = grantedVerdict(decision, input);
  const unique = uniqueVerdict(input);
  const fallback = fallbackVerdict(decision, input);
  return {
    ...(granted === undefined ? {} : { Granted: granted }),
    ...(unique === undefined ? {} : { Unique: unique }),
    ...(fallback === undefined ? {} : { Fallback: fallback }),
  };
}

/** A message that is for none of the agents can only go to one that the channel is wired to. */
function fallbackVerdict(decision: ChannelDecision, input: ChannelInput): Verdict | undefined {
  const name = input.channel.spec.routing?.fallbackAgent;
  if (name === undefined) return undefined;
  if (activeAgents(decision, input).includes(name)) {
    return verdict("True", "Wired", `${name} gets the messages that are for none of the agents`);
  }
  const remedy = "require a capability of it, or name another agent in spec.routing.fallbackAgent";
  return verdict("False", "FallbackNotWired", `the channel is not wired to ${name}: ${remedy}`);
}

/** Within a namespace the older of two Channels wins; across namespaces it is the reader who says which it means. */
function uniqueVerdict({ channel, namesakes }: ChannelInput): Verdict | undefined {
  const [first] = namesakes;
  if (first !== undefined) {
    const others = namesakes.slice(0, namedUnmet).map((other) => keyText(keyOf(other)));
    const message = `other namespaces have a Channel of the same tenant, channel and subset: ${others.join(", ")}`;
    return verdict("False", "DuplicateIdentity", message);
  }
  if (conditionOf(channel.status?.conditions, "Unique") === undefined) return undefined;
  return verdict("True", "OneNamespace", "no other namespace has a Channel of the same identity");
}

function unresolvedEntry(
  unmet: UnmetRequirement,
): NonNullable<ChannelStatus["unresolvedRequiredCapabilities"]>[number] {
  const { id, name, range, ...directives } = unmet.requirement;
  return { id, name, version: range, ...directives, reason: unmet.cause.kind, message: explainUnmet(unmet) };
}

function unresolvedLine(unmet: readonly UnmetRequirement[]): Pick<ChannelStatus, "unresolved"> {
  if (unmet.length === 0) return {};
  const shown = unmet.slice(0, namedUnmet).map(requirementText);
  return { unresolved: [...shown, ...(unmet.length > shown.length ? ["…"] : [])].join(", ") };
}

function unmetOf(decision: ChannelDecision): readonly UnmetRequirement[] {
  return decision.kind === "mislabelled" ? [] : decision.unmet;
}
