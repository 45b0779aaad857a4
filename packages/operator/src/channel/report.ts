/** Says in a Channel's status what was decided and why. Equal decisions give equal text. */
import { keyOf, keyText } from "@lmos/kube";
import { explainCause, explainUnmet, type UnmetRequirement } from "@lmos/resolver";
import {
  type Channel,
  type ChannelStatus,
  conditionOf,
  type DecidedCondition,
  defaultSubset,
  describeRoutingSettings,
  subsetLabel,
  transition,
} from "@lmos/resources";
import { revisionWires } from "../routing/wires.ts";
import { activeWires } from "./active-wires.ts";
import type { ChannelDecision } from "./decide.ts";
import type { ChannelInput } from "./gather.ts";
import { grantedVerdict, wireTexts } from "./granted.ts";
import { keepRevisions } from "./revisions.ts";

type Verdict = Pick<DecidedCondition, "status" | "reason" | "message">;

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

/** What is withheld from a Channel without labels is said as of one without labels. */
function missingLabels(decision: ChannelDecision): readonly string[] | undefined {
  const held = decision.kind === "withhold" ? decision.held : decision;
  return held.kind === "mislabelled" ? held.missing : undefined;
}

function resolvedVerdict(decision: ChannelDecision): Verdict {
  const missing = missingLabels(decision);
  if (missing !== undefined || decision.kind === "mislabelled") {
    return verdict("False", "MissingLabels", `the Channel has no label ${missing?.join(" and no label ")}`);
  }
  if (decision.kind === "refuse") {
    return verdict("False", decision.refusal.kind, explainCause(decision.refusal));
  }
  const [unmet] = decision.unmet;
  if (unmet !== undefined) return verdict("False", unmet.cause.kind, unmetMessage(decision.unmet));
  const skipped = decision.skipped.map(requirementText).slice(0, namedUnmet).join(", ");
  const without = skipped === "" ? "" : `; not provided and optional: ${skipped}`;
  return verdict("True", "AllProvided", `${progress(decision)} required capabilities are provided${without}`);
}

function activatedVerdict(decision: ChannelDecision, { channel, routing }: ChannelInput): Verdict {
  switch (decision.kind) {
    case "activate":
      return decision.unmet.length === 0
        ? verdict("True", "RoutingCurrent", `the ChannelRouting holds this resolution${subsetNote(channel)}`)
        : verdict(
            "True",
            "PartialRouting",
            `the ChannelRouting holds what is provided${subsetNote(channel)}`,
          );
    case "pin":
      return pinVerdict(decision, channel);
    case "remove":
      return verdict("False", "RoutingRemoved", "there is no ChannelRouting while something is not provided");
    case "refuse":
      return verdict("False", decision.refusal.kind, "there is no ChannelRouting, as the Channel is refused");
    case "withhold":
      return verdict(
        "False",
        "GrantMissing",
        `the ChannelRouting lacks what is not granted: ${wireTexts(decision.withheld)}`,
      );
    case "yield":
      return verdict(
        "False",
        "DuplicateChannel",
        `the older Channel ${decision.to} has the same tenant, channel and subset`,
      );
    case "keep":
    case "mislabelled":
      return routing === undefined && !isRestored(decision)
        ? verdict("False", "NeverResolved", "there is no ChannelRouting yet")
        : verdict("False", "KeptLastGood", "the ChannelRouting of the last complete resolution stays active");
    default:
      return decision satisfies never;
  }
}

function isRestored(decision: ChannelDecision): boolean {
  return decision.kind === "keep" && decision.restore !== undefined;
}

function pinVerdict(
  { wanted, revision }: Extract<ChannelDecision, { kind: "pin" }>,
  { status }: Channel,
): Verdict {
  if (revision !== undefined) {
    const note = `the ChannelRouting is held at revision ${wanted} by spec.pinnedRevision`;
    return verdict("True", "Pinned", note);
  }
  const known = (status?.revisions ?? []).map((one) => one.revision).join(", ");
  return verdict("False", "RevisionNotFound", `there is no revision ${wanted}; known: ${known || "none"}`);
}

/** A missing subset is read as stable (W17), which is said where it matters. */
function subsetNote({ metadata }: Channel): string {
  if (metadata.labels?.[subsetLabel]) return "";
  return `, for the subset ${defaultSubset} as the Channel has no label ${subsetLabel}`;
}

function readyVerdict(decision: ChannelDecision, input: ChannelInput, before: readonly Verdict[]): Verdict {
  const failed = before.find(({ status }) => status !== "True");
  if (failed !== undefined) return failed;
  const isReady = (name: string): boolean => {
    const agent = input.agents.find(({ metadata }) => metadata.name === name);
    return conditionOf(agent?.status?.conditions, "Ready")?.status === "True";
  };
  const waiting = activeAgents(decision, input).filter((name) => !isReady(name));
  if (waiting.length > 0) return verdict("False", "ProviderNotReady", `not ready: ${someNames(waiting)}`);
  return verdict("True", "Active", "every requirement is wired to an agent that is ready");
}

const namedWaiting = 10;

function someNames(names: readonly string[]): string {
  const hidden = names.length - namedWaiting;
  return [...names.slice(0, namedWaiting), ...(hidden > 0 ? [`and ${hidden} more`] : [])].join(", ");
}

const namedUnmet = 10;
const longestMessage = 16_384;

function unmetMessage(unmet: readonly UnmetRequirement[]): string {
  const named = unmet.slice(0, namedUnmet).map((one) => `${requirementText(one)}: ${explainUnmet(one)}`);
  const hidden = unmet.length - named.length;
  return [...named, ...(hidden > 0 ? [`and ${hidden} more`] : [])].join(". ").slice(0, longestMessage);
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

function requirementText({ requirement }: UnmetRequirement): string {
  return `${requirement.name}@${requirement.range}`;
}

/** Requirements provided and in all, without optional ones that nothing provides. */
function progress(decision: ChannelDecision): string {
  if (decision.kind === "mislabelled") return `0/${decision.required}`;
  const provided = new Set(decision.wires.map(({ requirement }) => requirement)).size;
  return `${provided}/${provided + decision.unmet.length}`;
}

/** The names of the agents that the routing will wire. */
function activeAgents(decision: ChannelDecision, input: ChannelInput): readonly string[] {
  return [...new Set(activeWires(decision, input).map(({ agent }) => agent))].sort();
}

function unmetOf(decision: ChannelDecision): readonly UnmetRequirement[] {
  return decision.kind === "mislabelled" ? [] : decision.unmet;
}

function verdict(status: Verdict["status"], reason: string, message: string): Verdict {
  return { status, reason, message };
}
