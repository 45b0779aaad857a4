/** What a Channel's status says of Tenants and CapabilityGrants, while they count. */
import { explainCause, showName, type UnmetRequirement } from "@lmos/resolver";
import { permits } from "../grants/channel-grants.ts";
import type { RevisionWire } from "../routing/wires.ts";
import { type Verdict, verdict } from "../verdict.ts";
import { activeWires } from "./active-wires.ts";
import type { ChannelDecision } from "./decision.ts";
import type { ChannelInput } from "./gather.ts";

/** The condition Granted: in `audit` that all would be granted, in `enforce` that nothing is lacking for want of a grant. */
export function grantedVerdict(decision: ChannelDecision, input: ChannelInput): Verdict | undefined {
  const { grants } = input;
  if (grants === undefined) return undefined;
  if (grants.refusal !== undefined)
    return verdict("False", grants.refusal.kind, explainCause(grants.refusal));
  const text = grants.mode === "audit" ? auditText(decision, input) : enforcedText(decision);
  if (text !== "") return verdict("False", "NotGranted", text);
  return verdict("True", "AllGranted", "every wire is granted");
}

function auditText(decision: ChannelDecision, input: ChannelInput): string {
  const { grants } = input;
  const wires = activeWires(decision, input).filter((wire) => grants !== undefined && !permits(grants, wire));
  return wires.length === 0 ? "" : `wired although it is not granted: ${wireTexts(wires)}`;
}

function enforcedText(decision: ChannelDecision): string {
  if (decision.kind === "mislabelled") return "";
  const withheld = decision.kind === "withhold" ? decision.withheld : [];
  const lacking = decision.unmet.filter(isForWantOfGrant).map((unmet) => explainCause(unmet.cause));
  return [
    ...(withheld.length === 0 ? [] : [`withheld, as it is not granted: ${wireTexts(withheld)}`]),
    ...lacking.slice(0, shown),
  ].join("; ");
}

function isForWantOfGrant({ cause }: UnmetRequirement): boolean {
  return cause.kind === "NotGranted" || cause.kind === "AgentQuotaExceeded";
}

const shown = 10;

/** Some wires in words, for people. */
export function wireTexts(wires: readonly RevisionWire[]): string {
  const texts = wires.map(
    ({ name, providedVersion, agent }) => `${showName(name)} ${providedVersion} of ${agent}`,
  );
  return [
    ...texts.slice(0, shown),
    ...(texts.length > shown ? [`and ${texts.length - shown} more`] : []),
  ].join(", ");
}
