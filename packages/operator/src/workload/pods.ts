/** What is known of a workload's pods without reading them: their labels and whose account they run under. */
import type { Rollout, Workload } from "@lmos/resources";

/** Argo Rollouts puts this label on pods and into the selectors of the Services that it steers. */
const podHashLabel = "rollouts-pod-template-hash";

/** The labels that the workload's pods have; of a Rollout those that its users reach. */
export function podLabelsOf(workload: Workload): Readonly<Record<string, string>> {
  const { labels } = workload.spec.template.metadata;
  return workload.kind === "Rollout" ? { ...labels, ...rolloutLabels(workload) } : labels;
}

function rolloutLabels({ spec, status }: Rollout): Readonly<Record<string, string>> {
  const stable = status?.stableRS ?? "";
  return {
    // Without a template of its own (`workloadRef`) its pods are known by its selector only.
    ...(Object.keys(spec.template.metadata.labels).length === 0 ? selectorLabels(status?.selector) : {}),
    ...(stable === "" ? {} : { [podHashLabel]: stable }),
  };
}

function selectorLabels(text: string | undefined): Readonly<Record<string, string>> {
  const terms = (text ?? "").split(",").map((term) => term.split("="));
  return Object.fromEntries(
    terms.flatMap(([name, value]) => (name && value !== undefined ? [[name, value]] : [])),
  );
}

/** The service account that the workload's pods run under. */
export function serviceAccountOf({ spec }: Workload): string {
  return spec.template.spec.serviceAccountName || "default";
}
