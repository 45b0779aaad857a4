/** The examination of a channel as lines for people. Pure. */
import { type Cause, explainCause } from "@lmos/resolver";
import { type Channel, channelIdentityOf } from "@lmos/resources";
import { mendingCommand, type UnprovidedChannel } from "./mending-command.ts";
import { remedyFor } from "./remedy.ts";
import type { Terminal } from "./terminal.ts";
import type { ExaminedCandidate, ExaminedRequirement } from "./why.ts";

/** One line about the channel as a whole. */
export function channelHeadline(channel: Channel): string {
  const { tenant, channel: name, subset } = channelIdentityOf(channel);
  const { resolveStatus = "not resolved yet", resolved = "" } = channel.status ?? {};
  const identity = `(tenant ${tenant || "?"}, channel ${name || "?"}, subset ${subset})`;
  return [`${channel.metadata.name}:`, resolveStatus, resolved, identity]
    .filter((part) => part !== "")
    .join(" ");
}

/** How a requirement is shown. */
export interface Showing {
  readonly detailed: boolean;
  readonly terminal: Pick<Terminal, "paint">;
  readonly channel: UnprovidedChannel;
}

/** The lines about one requirement; its candidates where it is unmet or all `detailed`, and what would mend it. */
export function requirementLines(
  { requirement, wired, cause, candidates }: ExaminedRequirement,
  { detailed, terminal, channel }: Showing,
): readonly string[] {
  const wanted = `${requirement.name} ${requirement.range}`;
  if (wired !== undefined) {
    const line = `${terminal.paint("green", "✓")} ${wanted} → ${wired.agent} ${wired.version}`;
    return [line, ...(detailed ? candidates.map(candidateLine) : [])];
  }
  const reasons =
    candidates.length > 0 || cause === undefined
      ? candidates.map(candidateLine)
      : [indent(explainCause(cause))];
  const fix = cause === undefined ? [] : fixLines(cause, channel);
  return [`${terminal.paint("red", "✗")} ${wanted} is not provided`, ...reasons, ...fix];
}

/** What would mend it, and the command for that where there is one. */
function fixLines(cause: Cause, channel: UnprovidedChannel): readonly string[] {
  const command = mendingCommand(cause, channel);
  return [indent(`fix: ${remedyFor(cause)}`), ...(command === undefined ? [] : [indent(`run: ${command}`)])];
}

function candidateLine({ agent, version, fate }: ExaminedCandidate): string {
  switch (fate.kind) {
    case "wired":
      return indent(`${agent} ${version}: wired`);
    case "outranked":
      return indent(`${agent} ${version}: fits, but another was preferred`);
    case "rejected":
      return indent(`${agent} ${version}: ${explainCause(fate.cause)}`);
    default:
      return fate satisfies never;
  }
}

function indent(line: string): string {
  return `    ${line}`;
}
