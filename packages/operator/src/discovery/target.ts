/**
 * Where a workload's agent is read from. The address comes from the one Service that selects its pods and from
 * nowhere else: its DNS name in a cluster, the processes that its annotation names on a laptop.
 */
import { type LocalEndpoint, localEndpointsOf, type Service, type Workload } from "@lmos/resources";
import { namespaceOf } from "../stores.ts";
import { type AgentService, findAgentService } from "../workload/agent-service.ts";

/** Where to read, or why that is not known. */
export type TargetFinding =
  | { readonly kind: "found"; readonly service: string; readonly origin: string }
  | { readonly kind: "missing"; readonly reason: string; readonly message: string }
  /** On a laptop: no process is ready behind the Service yet. */
  | { readonly kind: "starting" };

/** Finds the target among the Services that select the workload's pods. */
export function findTarget(
  workload: Workload,
  selecting: readonly Service[],
  { local }: { readonly local: boolean },
): TargetFinding {
  const finding = findAgentService(workload, selecting);
  if (finding.kind === "missing") return finding;
  const origin = local ? localOrigin(finding.found) : clusterOrigin(finding.found);
  if (origin === undefined) return { kind: "starting" };
  return { kind: "found", service: finding.found.service.metadata.name, origin };
}

function clusterOrigin({ service, port, scheme }: AgentService): string {
  return `${scheme}://${service.metadata.name}.${namespaceOf(service)}.svc.cluster.local:${port}`;
}

/** Whoever may annotate a Service must not thereby reach other machines: only loopback addresses count. */
function localOrigin({ service, port, scheme }: AgentService): string | undefined {
  const endpoint = localEndpointsOf(service).find((one) => one.port === port && isLoopback(one));
  return endpoint === undefined ? undefined : `${scheme}://${endpoint.address}:${endpoint.targetPort}`;
}

function isLoopback({ address }: LocalEndpoint): boolean {
  return /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(address);
}
