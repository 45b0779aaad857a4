/** Wired channels as lines for people. Pure. */
import { explainUnmet } from "@lmos/resolver";
import { remedyFor } from "./remedy.ts";
import type { Terminal } from "./terminal.ts";
import type { WiredChannel } from "./wiring.ts";

type Paint = Pick<Terminal, "paint">;

/** A channel and its wires, or what is not provided and what would mend it. */
export function resolvedLines(wired: WiredChannel, terminal: Paint): readonly string[] {
  const { name } = wired.channel.metadata;
  const unmet = unmetLines(wired);
  if (unmet.length === 0) return [`${terminal.paint("green", "✓")} ${name}`, ...wired.after.map(indent)];
  return [`${terminal.paint("red", "✗")} ${name} would be unresolved`, ...wired.after.map(indent), ...unmet];
}

/** What changes for a channel; nothing where its routing stays as it is. */
export function planLines(wired: WiredChannel, terminal: Paint): readonly string[] {
  const { channel, before, after } = wired;
  const unmet = unmetLines(wired);
  if (unmet.length > 0) {
    const effect = before === undefined ? "gets no routing" : effectOf(channel.spec.activationPolicy);
    return [`${terminal.paint("red", "✗")} ${channel.metadata.name} ${effect}`, ...unmet];
  }
  if (before !== undefined && before.join() === after.join()) return [];
  const gone = (before ?? []).filter((wire) => !after.includes(wire)).map((wire) => indent(`- ${wire}`));
  const come = after.filter((wire) => before?.includes(wire) !== true).map((wire) => indent(`+ ${wire}`));
  const sign = before === undefined ? "+" : "~";
  return [`${terminal.paint("yellow", sign)} ${channel.metadata.name}`, ...gone, ...come];
}

function effectOf(policy: string | undefined): string {
  if (policy === "Partial") return "loses what is not provided";
  return policy === "Fail" ? "loses its routing" : "keeps its routing, as something is not provided";
}

function unmetLines({ resolution }: WiredChannel): readonly string[] {
  if (resolution.kind === "resolved") return [];
  return resolution.unmet.flatMap((unmet) => [
    indent(`${unmet.requirement.name} ${unmet.requirement.range}: ${explainUnmet(unmet)}`),
    indent(`fix: ${remedyFor(unmet.cause)}`),
  ]);
}

function indent(line: string): string {
  return `    ${line}`;
}
