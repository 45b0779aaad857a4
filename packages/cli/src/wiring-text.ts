/** Wired channels as lines for people. Pure. */
import { explainCause, explainUnmet } from "@lmos/resolver";
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
export function planLines(wired: WiredChannel, terminal: Paint): readonly string[] {
  const { channel, before, after, resolution } = wired;
  if (resolution.kind === "unresolved") {
    const effect = before === undefined ? "gets no routing" : effectOf(wired);
    return [`${terminal.paint("red", "✗")} ${channel.metadata.name} ${effect}`, ...faultLines(wired)];
  }
  if (isDuplicate(wired)) {
    const effect = before === undefined ? "gets no routing" : "keeps its routing";
    return [`${terminal.paint("red", "✗")} ${channel.metadata.name} ${effect}`, ...duplicateLines(wired)];
  }
  if (before !== undefined && before.join() === after.join()) return [];
  const gone = (before ?? []).filter((wire) => !after.includes(wire)).map((wire) => indent(`- ${wire}`));
  const come = after.filter((wire) => before?.includes(wire) !== true).map((wire) => indent(`+ ${wire}`));
  const sign = before === undefined ? "+" : "~";
  return [`${terminal.paint("yellow", sign)} ${channel.metadata.name}`, ...gone, ...come];
}

function effectOf({ channel, missingLabels }: WiredChannel): string {
  if (missingLabels.length > 0) return "keeps its routing, as nobody knows whose it is";
  const policy = channel.spec.activationPolicy;
  if (policy === "Partial") return "loses what is not provided";
  return policy === "Fail" ? "loses its routing" : "keeps its routing, as something is not provided";
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
