/** Services and the Deployments whose pods they select, found through one label instead of by comparing all with all. */
import { type Deployment, type Service, selects } from "@lmos/resources";
import { labelValue, namespaceOf, type Stores } from "./stores.ts";

/** The Deployments whose pods the Service selects. */
export function deploymentsSelectedBy(service: Service, { deployments }: Stores): readonly Deployment[] {
  const namespace = namespaceOf(service);
  const { selector } = service.spec;
  const [first] = Object.entries(selector);
  if (first === undefined) return [];
  return deployments
    .byIndex("label", labelValue(namespace, first))
    .filter(({ spec }) => selects(selector, spec.template.metadata.labels));
}

/** The Services that select the Deployment's pods, ordered by name. */
export function servicesSelecting(deployment: Deployment, { services }: Stores): readonly Service[] {
  const namespace = namespaceOf(deployment);
  const { labels } = deployment.spec.template.metadata;
  return Object.entries(labels)
    .flatMap((label) => services.byIndex("selector", labelValue(namespace, label)))
    .filter(({ spec }) => selects(spec.selector, labels))
    .sort((left, right) => (left.metadata.name < right.metadata.name ? -1 : 1));
}
