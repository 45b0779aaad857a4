/** Wired channels as lines for people. Pure. */
import { explainCause, explainUnmet } from "@lmos/resolver";
import type { PlannedChannel } from "./plan.ts";
import { remedyFor } from "./remedy.ts";
import type { Terminal } from "./terminal.ts";
import { isDuplicate, type WiredChannel } from "./wiring.ts";

type Paint = Pick<Terminal, "paint">;

/** A channel and its wires, or what is not provided and what would mend it. */
export function resolvedLines(wired: WiredChannel, terminal: Paint): readonly string[] {
  const { name } = wired.channel.metadata;
  const wires = wired.after.map(indent);
  if (isDuplicate(wired))
    return [`${terminal.paint("red", "✗")} ${name} would not be activated`, ...duplicateLines(wired)];
  if (wired.resolution.kind === "resolved") return [`${terminal.paint("green", "✓")} ${name}`, ...wires];
  return [`${terminal.paint("red", "✗")} ${name} would be unresolved`, ...wires, ...faultLines(wired)];
}

/** What changes for a channel; nothing where its routing stays as it is. */
export function planLines(planned: PlannedChannel, terminal: Paint): readonly string[] {
  const { channel, before, resolution } = planned;
  const { name } = channel.metadata;
  const changes = changeLines(planned);
  if (resolution.kind === "unresolved") {
    return [`${terminal.paint("red", "✗")} ${name} ${effectOf(planned)}`, ...changes, ...faultLines(planned)];
  }
  if (isDuplicate(planned)) {
    const effect = before === undefined ? "gets no routing" : "keeps its routing";
    return [`${terminal.paint("red", "✗")} ${name} ${effect}`, ...duplicateLines(planned)];
  }
  if (changes.length === 0 && before !== undefined) return [];
  return [`${terminal.paint("yellow", before === undefined ? "+" : "~")} ${name}`, ...changes];
}

function changeLines({ before = [], after }: PlannedChannel): readonly string[] {
  const gone = before.filter((wire) => !after.includes(wire)).map((wire) => indent(`- ${wire}`));
  const come = after.filter((wire) => !before.includes(wire)).map((wire) => indent(`+ ${wire}`));
  return [...gone, ...come];
}

function effectOf({ channel, before, after, decision, missingLabels }: PlannedChannel): string {
  if (before === undefined) return after.length > 0 ? "gets what is provided" : "gets no routing";
  if (missingLabels.length > 0) return "keeps its routing, as nobody knows whose it is";
  switch (decision) {
    case "activate":
      return before.every((wire) => after.includes(wire))
        ? "holds what is provided"
        : "loses what is not provided";
    case "remove":
      return "loses its routing";
    case "refuse":
    case "withhold":
      return "loses what is not granted";
    case "pin":
      return `stays held at revision ${channel.spec.pinnedRevision}`;
    case "keep":
    case "yield":
    case "mislabelled":
    case undefined:
      return "keeps its routing, as something is not provided";
    default:
      return decision satisfies never;
  }
}

/** What is wrong, and what would mend it. */
function faultLines({ channel, missingLabels, resolution, grants }: WiredChannel): readonly string[] {
  const labels = missingLabels.map((label) => [
    `it has no label ${label}, and belongs to nobody`,
    `fix: kubectl label channel ${channel.metadata.name} ${label}=…`,
  ]);
  const unmet = resolution.kind === "resolved" ? [] : resolution.unmet;
  const causes = unmet.map(({ requirement, cause, candidates }) => [
    `${requirement.name} ${requirement.range}: ${explainUnmet({ requirement, cause, candidates })}`,
    `fix: ${remedyFor(cause)}`,
  ]);
  const refusal = causes.length + labels.length === 0 ? grants?.refusal : undefined;
  const refused = refusal === undefined ? [] : [[explainCause(refusal), `fix: ${remedyFor(refusal)}`]];
  return [...labels, ...causes, ...refused].flat().map(indent);
}

/** Which other Channel stands in its way, and what would mend that. */
function duplicateLines({ channel, elder }: WiredChannel): readonly string[] {
  const { name } = channel.metadata;
  return [
    `${elder?.metadata.name} has the same tenant, channel and subset, and only one of them can be activated`,
    `fix: give ${name} another tenant, channel or subset: kubectl label --overwrite channel ${name} subset=…`,
  ].map(indent);
}

function indent(line: string): string {
  return `    ${line}`;
}
