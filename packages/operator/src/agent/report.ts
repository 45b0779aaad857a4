/** Says in an Agent's status what is known of it. Equal decisions give equal text. */

import { showName } from "@lmos/resolver";
import {
  type Agent,
  type AgentStatus,
  conditionOf,
  type DecidedCondition,
  type ProvidedCapability,
  transition,
} from "@lmos/resources";
import { type Verdict, verdict } from "../verdict.ts";
import type { AgentDecision, NamedWorkload, Readiness } from "./decide.ts";
import type { Steadiness } from "./flapping.ts";
import type { AgentInput } from "./gather.ts";
import { claimTexts } from "./granted.ts";

/** The status of the Agent but for its condition Discovered, times as of `now` (RFC 3339). */
export function reportAgent(
  decision: AgentDecision,
  { agent, steadiness }: Pick<AgentInput, "agent"> & { readonly steadiness: Steadiness },
  now: string,
): AgentStatus {
  const generation = agent.metadata.generation;
  const observed = generation === undefined ? {} : { observedGeneration: generation };
  const decided = [
    { type: "VersionsValid", ...versionsVerdict(decision), ...observed },
    { type: "Ready", ...steadyVerdict(readyVerdict(decision.readiness), steadiness), ...observed },
    ...flappingConditions(agent, steadiness).map((condition) => ({ ...condition, ...observed })),
    ...grantedConditions(decision).map((condition) => ({ ...condition, ...observed })),
    ...nameConditions(agent, decision).map((condition) => ({ ...condition, ...observed })),
  ];
  return {
    ...observed,
    conditions: [...transition(agent.status?.conditions, decided, now)],
    ...(decision.host === undefined ? {} : { host: decision.host }),
    capabilities: decision.wireable,
  };
}

function versionsVerdict({ invalid, duplicates }: AgentDecision): Verdict {
  if (invalid.length === 0 && duplicates.length === 0) {
    return { status: "True", reason: "AllValid", message: "every capability has a version of its own" };
  }
  const messages = [
    describe("not a semantic version such as 1.0.0", invalid),
    describe("name and version given more than once", duplicates),
  ];
  return {
    status: "False",
    reason: invalid.length > 0 ? "InvalidVersion" : "DuplicateCapability",
    message: messages.filter((text) => text !== "").join("; "),
  };
}

const namedCapabilities = 10;

function describe(fault: string, capabilities: readonly ProvidedCapability[]): string {
  if (capabilities.length === 0) return "";
  const named = capabilities.slice(0, namedCapabilities).map(({ name, version }) => `${name}@${version}`);
  return `${fault}: ${[...named, ...(capabilities.length > named.length ? ["…"] : [])].join(", ")}`;
}

/** True for readiness that is reported as such. */
export function isReady(readiness: Readiness): boolean {
  return readyVerdict(readiness).status === "True";
}

const flaps = verdict(
  "False",
  "Flapping",
  "it became ready and not ready several times within five minutes, and counts as not ready until it has been steady for one",
);

function steadyVerdict(ready: Verdict, steadiness: Steadiness): Verdict {
  return steadiness.kind === "flapping" ? flaps : ready;
}

/** The condition is there from the first time that an agent flaps. */
function flappingConditions(agent: Agent, { kind }: Steadiness): readonly DecidedCondition[] {
  if (kind === "flapping") return [{ type: "Flapping", ...flaps, status: "True" }];
  if (conditionOf(agent.status?.conditions, "Flapping") === undefined) return [];
  return [{ type: "Flapping", status: "False", reason: "Steady", message: "its readiness is steady" }];
}

/** The condition is there as long as grants count. */
function grantedConditions({ ungranted }: AgentDecision): readonly DecidedCondition[] {
  if (ungranted === undefined) return [];
  const message = "every capability is granted to every tenant that it is claimed for";
  if (ungranted.length === 0) return [{ type: "Granted", status: "True", reason: "AllGranted", message }];
  return [
    {
      type: "Granted",
      status: "False",
      reason: "NotGranted",
      message: `not granted: ${claimTexts(ungranted)}`,
    },
  ];
}

/** The condition is there from the first time that a name looks like another one. */
function nameConditions(agent: Agent, { confusable }: AgentDecision): readonly DecidedCondition[] {
  if (confusable.length > 0) {
    const names = confusable.slice(0, namedCapabilities).map(({ name }) => showName(name));
    const message = `people may take these names for others: ${names.join(", ")}`;
    return [{ type: "NamesValid", status: "False", reason: "ConfusableName", message }];
  }
  if (conditionOf(agent.status?.conditions, "NamesValid") === undefined) return [];
  return [
    { type: "NamesValid", status: "True", reason: "AllPlain", message: "every name is what it looks like" },
  ];
}

function readyVerdict(readiness: Readiness): Verdict {
  switch (readiness.kind) {
    case "available":
      return verdict("True", `${readiness.workload.kind}Available`, `${named(readiness)} is available`);
    case "rollingOut":
      return verdict("True", "RolloutInProgress", `${named(readiness)} is partly available`);
    case "unavailable":
      return verdict(
        "False",
        readiness.wanted === 0 ? "ScaledToZero" : `${readiness.workload.kind}Unavailable`,
        `no replica of ${named(readiness)} is available`,
      );
    case "unreachable":
      return verdict("False", readiness.reason, readiness.message);
    case "lost":
      return verdict(
        "False",
        `${readiness.workload.kind}NotFound`,
        `there is no ${readiness.workload.kind} ${readiness.workload.name} labelled lmos-agent=true`,
      );
    case "unmanaged":
      return verdict("True", "Unmanaged", unmanagedMessage(readiness.namesake));
    default:
      return readiness satisfies never;
  }
}

function named({ workload }: { readonly workload: NamedWorkload }): string {
  return `the ${workload.kind} ${workload.name}`;
}

function unmanagedMessage(namesake: NamedWorkload | undefined): string {
  return namesake === undefined
    ? "no workload announces this Agent, so its readiness is not watched"
    : `the ${namesake.kind} ${namesake.name} does not own this Agent, so it is left as it is and its readiness is not watched`;
}
