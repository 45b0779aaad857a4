/**
 * What is known of an Agent: which of its capabilities can be wired, whether it is ready, where it answers.
 * An Agent that was written by hand is called ready, as nothing says otherwise (reason `Unmanaged`).
 */
import { isPlainName, isVersion } from "@lmos/resolver";
import {
  type Agent,
  defaultAgentPort,
  type ProvidedCapability,
  parseServiceHost,
  serviceHost,
  type Workload,
} from "@lmos/resources";
import { namespaceOf } from "../stores.ts";
import { agentPortOf, leadsToPods } from "../workload/agent-service.ts";
import { isRolledOut } from "../workload/rolled-out.ts";
import type { AgentInput, AgentOwner } from "./gather.ts";
import { type UngrantedClaim, ungrantedClaims } from "./granted.ts";
import { repeatedCapabilities } from "./repeated-capabilities.ts";

/** A workload as it is spoken of. */
export interface NamedWorkload {
  readonly kind: string;
  readonly name: string;
}

/** Whether an Agent is ready. */
export type Readiness =
  | { readonly kind: "available"; readonly workload: NamedWorkload }
  | { readonly kind: "rollingOut"; readonly workload: NamedWorkload }
  | { readonly kind: "unavailable"; readonly workload: NamedWorkload; readonly wanted: number }
  | { readonly kind: "unreachable"; readonly reason: string; readonly message: string }
  | { readonly kind: "lost"; readonly workload: NamedWorkload }
  | { readonly kind: "unmanaged"; readonly namesake: NamedWorkload | undefined };

/** What is known of an Agent. */
export interface AgentDecision {
  /** Capabilities whose version is not semantic: they are not wired. */
  readonly invalid: readonly ProvidedCapability[];
  /** Capabilities whose name and version repeat those of an earlier one. */
  readonly duplicates: readonly ProvidedCapability[];
  /** Capabilities whose name people may take for another one. */
  readonly confusable: readonly ProvidedCapability[];
  /** What the agent claims and nobody granted; undefined where grants do not count. */
  readonly ungranted: readonly UngrantedClaim[] | undefined;
  readonly wireable: number;
  readonly readiness: Readiness;
  /** Undefined as long as it is not known. */
  readonly host: string | undefined;
}

/** Decides. Pure; the same input gives the same decision. */
export function decideAgent({ agent, owner, granting }: AgentInput): AgentDecision {
  const capabilities = agent.spec.providedCapabilities;
  const invalid = capabilities.filter(({ version }) => !isVersion(version));
  const duplicates = repeatedCapabilities(capabilities);
  const unusable = new Set([...invalid, ...duplicates]);
  return {
    invalid,
    duplicates,
    confusable: capabilities.filter(({ name }) => !isPlainName(name)),
    ungranted: granting && ungrantedClaims(agent, granting),
    wireable: capabilities.length - unusable.size,
    readiness: decideReadiness(owner),
    host: decideHost(agent, owner) ?? lastHost(agent, owner),
  };
}

function decideReadiness(owner: AgentOwner): Readiness {
  if (owner.kind === "lost") return { kind: "lost", workload: owner.workload };
  if (owner.kind === "nobody") return unmanagedReadiness(owner);
  const { workload, service } = owner;
  const about = { workload: nameOf(workload) };
  if (service.kind === "missing") return { ...service, kind: "unreachable" };
  if (isRolledOut(workload)) return { kind: "available", ...about };
  if ((workload.status?.availableReplicas ?? 0) > 0) return { kind: "rollingOut", ...about };
  return { kind: "unavailable", ...about, wanted: workload.spec.replicas };
}

function unmanagedReadiness({ service, workload }: Extract<AgentOwner, { kind: "nobody" }>): Readiness {
  if (service !== undefined && !leadsToPods(service)) {
    const message = `the Service ${service.metadata.name} leads to an address instead of to pods, which is not followed`;
    return { kind: "unreachable", reason: "ServiceWithoutPods", message };
  }
  return { kind: "unmanaged", namesake: workload === undefined ? undefined : nameOf(workload) };
}

function nameOf({ kind, metadata }: Workload): NamedWorkload {
  return { kind, name: metadata.name };
}

/** What it was, while its Service or workload is gone: one of a Service beside it, whoever wrote it there. */
function lastHost({ metadata, status }: Agent, { kind }: AgentOwner): string | undefined {
  const address = kind === "nobody" ? undefined : parseServiceHost(status?.host ?? "");
  return address?.namespace === metadata.namespace ? status?.host : undefined;
}

/** That of its Service; of a hand-made Agent that of the Service named like it, or else as the Kotlin operator guesses. */
function decideHost(agent: Agent, owner: AgentOwner): string | undefined {
  const namespace = namespaceOf(agent);
  if (owner.kind === "nobody") {
    if (owner.service !== undefined && !leadsToPods(owner.service)) return undefined;
    const port = owner.service === undefined ? undefined : agentPortOf(owner.service)?.port;
    return serviceHost({ service: agent.metadata.name, namespace, port: port ?? defaultAgentPort });
  }
  if (owner.kind === "lost" || owner.service.kind === "missing") return undefined;
  const { service, port } = owner.service.found;
  return serviceHost({ service: service.metadata.name, namespace, port });
}
