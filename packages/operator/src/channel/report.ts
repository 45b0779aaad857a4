/** Says in a Channel's status what was decided and why. Equal decisions give equal text. */
import { explainUnmet, type UnmetRequirement } from "@lmos/resolver";
import {
  type Channel,
  type ChannelStatus,
  conditionOf,
  type DecidedCondition,
  defaultSubset,
  subsetLabel,
  transition,
} from "@lmos/resources";
import { agentNamesOf, type ChannelDecision } from "./decide.ts";
import type { ChannelInput } from "./gather.ts";

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
    agents: activeAgents(decision, input),
    ...unresolvedLine(unmetOf(decision)),
  };
}

function resolvedVerdict(decision: ChannelDecision): Verdict {
  switch (decision.kind) {
    case "activate":
    case "yield":
      return verdict("True", "AllProvided", `${progress(decision)} required capabilities are provided`);
    case "keep":
      return verdict("False", decision.unmet[0]?.cause.kind ?? "NoProvider", unmetMessage(decision.unmet));
    case "mislabelled":
      return verdict(
        "False",
        "MissingLabels",
        `the Channel has no label ${decision.missing.join(" and no label ")}`,
      );
    default:
      return decision satisfies never;
  }
}

function activatedVerdict(decision: ChannelDecision, { channel, routing }: ChannelInput): Verdict {
  switch (decision.kind) {
    case "activate":
      return verdict(
        "True",
        "RoutingCurrent",
        `the ChannelRouting holds this resolution${subsetNote(channel)}`,
      );
    case "yield":
      return verdict(
        "False",
        "DuplicateChannel",
        `the older Channel ${decision.to} has the same tenant, channel and subset`,
      );
    case "keep":
    case "mislabelled":
      return routing === undefined
        ? verdict("False", "NeverResolved", "there is no ChannelRouting yet")
        : verdict("False", "KeptLastGood", "the ChannelRouting of the last complete resolution stays active");
    default:
      return decision satisfies never;
  }
}

/** A missing subset is read as stable (W17), which is said where it matters. */
function subsetNote({ metadata }: Channel): string {
  if (metadata.labels?.[subsetLabel]) return "";
  return `, for the subset ${defaultSubset} as the Channel has no label ${subsetLabel}`;
}

function readyVerdict(
  decision: ChannelDecision,
  { agents }: ChannelInput,
  before: readonly Verdict[],
): Verdict {
  const failed = before.find(({ status }) => status !== "True");
  if (failed !== undefined) return failed;
  const wired = agentNamesOf(decision.kind === "activate" ? decision.wires : []);
  const isReady = (name: string): boolean => {
    const agent = agents.find(({ metadata }) => metadata.name === name);
    return conditionOf(agent?.status?.conditions, "Ready")?.status === "True";
  };
  const waiting = wired.filter((name) => !isReady(name));
  if (waiting.length > 0) return verdict("False", "ProviderNotReady", `not ready: ${waiting.join(", ")}`);
  return verdict("True", "Active", "every requirement is wired to an agent that is ready");
}

const namedUnmet = 10;
const longestMessage = 16_384;

function unmetMessage(unmet: readonly UnmetRequirement[]): string {
  const named = unmet
    .slice(0, namedUnmet)
    .map((one) => `${one.requirement.name}@${one.requirement.range}: ${explainUnmet(one)}`);
  const hidden = unmet.length - named.length;
  return [...named, ...(hidden > 0 ? [`and ${hidden} more`] : [])].join(". ").slice(0, longestMessage);
}

function unresolvedEntry(
  unmet: UnmetRequirement,
): NonNullable<ChannelStatus["unresolvedRequiredCapabilities"]>[number] {
  const { id, name, range, strategy } = unmet.requirement;
  return { id, name, version: range, strategy, reason: unmet.cause.kind, message: explainUnmet(unmet) };
}

function unresolvedLine(unmet: readonly UnmetRequirement[]): Pick<ChannelStatus, "unresolved"> {
  if (unmet.length === 0) return {};
  const shown = unmet
    .slice(0, namedUnmet)
    .map(({ requirement }) => `${requirement.name}@${requirement.range}`);
  return { unresolved: [...shown, ...(unmet.length > shown.length ? ["…"] : [])].join(", ") };
}

function progress(decision: ChannelDecision): string {
  if (decision.kind === "mislabelled") return `0/${decision.required}`;
  return `${decision.wires.length}/${decision.wires.length + unmetOf(decision).length}`;
}

function activeAgents(decision: ChannelDecision, { routing }: ChannelInput): number {
  if (decision.kind === "activate") return agentNamesOf(decision.wires).length;
  return routing?.spec.capabilityGroups.length ?? 0;
}

function unmetOf(decision: ChannelDecision): readonly UnmetRequirement[] {
  return decision.kind === "keep" ? decision.unmet : [];
}

function verdict(status: Verdict["status"], reason: string, message: string): Verdict {
  return { status, reason, message };
}
