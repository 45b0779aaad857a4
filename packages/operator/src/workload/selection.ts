/** Services and the workloads whose pods they select, found through one label instead of by comparing all with all. */
import { type Service, selects, type Workload } from "@lmos/resources";
import { labelValue, namespaceOf, type Stores } from "../stores.ts";
import type { WorkloadStores } from "./lookup.ts";
import { podLabelsOf } from "./pods.ts";

/** The workloads whose pods the Service selects. */
export function workloadsSelectedBy(service: Service, stores: WorkloadStores): readonly Workload[] {
  const { selector } = service.spec;
  const [first] = Object.entries(selector);
  if (first === undefined) return [];
  const value = labelValue(namespaceOf(service), first);
  const labelled = [stores.deployments, stores.statefulSets, stores.rollouts].flatMap(
    (store): readonly Workload[] => store.byIndex("label", value),
  );
  return labelled.filter((workload) => selects(selector, podLabelsOf(workload)));
}

/** The Services that select the workload's pods, ordered by name. */
export function servicesSelecting(workload: Workload, { services }: Pick<Stores, "services">) {
  const namespace = namespaceOf(workload);
  const labels = podLabelsOf(workload);
  return Object.entries(labels)
    .flatMap((label) => services.byIndex("selector", labelValue(namespace, label)))
    .filter(({ spec }) => selects(spec.selector, labels))
    .sort(byName);
}

function byName(left: Service, right: Service): number {
  return left.metadata.name < right.metadata.name ? -1 : 1;
}
