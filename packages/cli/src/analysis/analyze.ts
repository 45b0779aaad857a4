/** Faults that can be seen in objects without running anything. Pure. */
import type { World } from "../world.ts";
import { agentFindings } from "./agents.ts";
import { channelFindings } from "./channels.ts";
import type { Finding } from "./finding.ts";
import { grantFindings } from "./grants.ts";

/** All findings, errors first, then by code. */
export function analyze(world: World): readonly Finding[] {
  const findings = [...channelFindings(world), ...agentFindings(world), ...grantFindings(world)];
  return findings.toSorted((left, right) => (orderOf(left) < orderOf(right) ? -1 : 1));
}

function orderOf({ severity, code, object }: Finding): string {
  return `${severity} ${code} ${object}`;
}
