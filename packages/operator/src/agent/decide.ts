/**
 * What is known of an Agent: which of its capabilities can be wired, whether it is ready, where it answers.
 * An Agent that was written by hand is called ready, as nothing says otherwise (reason `Unmanaged`).
 */
import { isVersion } from "@lmos/resolver";
import { type Agent, defaultAgentPort, type ProvidedCapability, serviceHost } from "@lmos/resources";
import { agentPortOf } from "../agent-service.ts";
import { isRolledOut } from "../rollout.ts";
import { namespaceOf } from "../stores.ts";
import type { AgentInput, AgentOwner } from "./gather.ts";

/** Whether an Agent is ready. */
export type Readiness =
  | { readonly kind: "available"; readonly deployment: string }
  | { readonly kind: "rollingOut"; readonly deployment: string }
  | { readonly kind: "unavailable"; readonly deployment: string; readonly wanted: number }
  | { readonly kind: "unreachable"; readonly reason: string; readonly message: string }
  | { readonly kind: "lost"; readonly deployment: string }
  | { readonly kind: "unmanaged"; readonly namesake: string | undefined };

/** What is known of an Agent. */
export interface AgentDecision {
  /** Capabilities whose version is not semantic: they are not wired. */
  readonly invalid: readonly ProvidedCapability[];
  /** Capabilities whose name and version repeat those of an earlier one. */
  readonly duplicates: readonly ProvidedCapability[];
  readonly wireable: number;
  readonly readiness: Readiness;
  /** Undefined as long as it is not known. */
  readonly host: string | undefined;
}

/** Decides. Pure; the same input gives the same decision. */
export function decideAgent({ agent, owner }: AgentInput): AgentDecision {
  const capabilities = agent.spec.providedCapabilities;
  const invalid = capabilities.filter(({ version }) => !isVersion(version));
  const duplicates = capabilities.filter((capability, index) =>
    repeatsEarlier(capability, index, capabilities),
  );
  const unusable = new Set([...invalid, ...duplicates]);
  return {
    invalid,
    duplicates,
    wireable: capabilities.length - unusable.size,
    readiness: decideReadiness(owner),
    host: decideHost(agent, owner) ?? agent.status?.host,
  };
}

function repeatsEarlier(
  { name, version }: ProvidedCapability,
  index: number,
  capabilities: readonly ProvidedCapability[],
): boolean {
  return capabilities.slice(0, index).some((other) => other.name === name && other.version === version);
}

function decideReadiness(owner: AgentOwner): Readiness {
  if (owner.kind === "nobody") return { kind: "unmanaged", namesake: owner.deployment?.metadata.name };
  if (owner.kind === "lost") return { kind: "lost", deployment: owner.name };
  const { deployment, service } = owner;
  const about = { deployment: deployment.metadata.name };
  if (service.kind === "missing") return { ...service, kind: "unreachable" };
  if (isRolledOut(deployment)) return { kind: "available", ...about };
  if ((deployment.status?.availableReplicas ?? 0) > 0) return { kind: "rollingOut", ...about };
  return { kind: "unavailable", ...about, wanted: deployment.spec.replicas };
}

/** That of its Service; of a hand-made Agent that of the Service named like it, or else as the Kotlin operator guesses. */
function decideHost(agent: Agent, owner: AgentOwner): string | undefined {
  const namespace = namespaceOf(agent);
  if (owner.kind === "nobody") {
    const port = owner.service === undefined ? undefined : agentPortOf(owner.service)?.port;
    return serviceHost({ service: agent.metadata.name, namespace, port: port ?? defaultAgentPort });
  }
  if (owner.kind === "lost" || owner.service.kind === "missing") return undefined;
  const { service, port } = owner.service.found;
  return serviceHost({ service: service.metadata.name, namespace, port });
}
