/** What a test does to Widgets and sees of them from outside, in a namespace of its own. */
import { isKubeError, type KubeClient, type KubeObject, type ResourceType } from "@lmos/kube";
import { isRecord, systemIds } from "@lmos/primitives";
import { widgetLabel } from "../widget-controller/plan.ts";
import {
  type ConfigMap,
  configMaps,
  type Widget,
  widgetDefinition,
  widgets,
} from "../widget-controller/widget.ts";
import { eventually, insist, patienceMs } from "./eventually.ts";

const { signal } = new AbortController();

/** A type whose objects are taken as they are. */
export function looseType({
  group,
  kind,
  plural,
  namespaced = true,
}: Pick<ResourceType, "group" | "kind" | "plural"> & { readonly namespaced?: boolean }): ResourceType {
  const isObject = (value: unknown): value is KubeObject => isRecord(value) && isRecord(value["metadata"]);
  const parse = (value: unknown): KubeObject => {
    if (isObject(value)) return value;
    throw new Error(`not a ${kind}`);
  };
  return { group, version: "v1", kind, plural, namespaced, parse };
}

const namespaces = looseType({ group: "", kind: "Namespace", plural: "namespaces", namespaced: false });
const definitions = looseType({
  group: "apiextensions.k8s.io",
  kind: "CustomResourceDefinition",
  plural: "customresourcedefinitions",
  namespaced: false,
});

/** Makes sure that the server knows Widgets. */
export async function installWidgets(client: KubeClient): Promise<void> {
  await client.apply(definitions, widgetDefinition, { fieldManager: "faults", force: true, signal });
  const known = async (): Promise<boolean> =>
    client.list(widgets, { signal }).then(
      () => true,
      () => false,
    );
  await eventually("Widgets are served", known, patienceMs);
}

/** A namespace with Widgets in it. */
export class WidgetsWorld {
  readonly client: KubeClient;
  readonly namespace: string;

  constructor(client: KubeClient, namespace: string) {
    this.client = client;
    this.namespace = namespace;
  }

  /** Path of a collection in this namespace. */
  pathOf(type: ResourceType): string {
    const root = type.group === "" ? "/api" : `/apis/${type.group}`;
    return `${root}/${type.version}/namespaces/${this.namespace}/${type.plural}`;
  }

  /** Writes the desired state of a Widget, as long as it takes. */
  write(name: string, spec: Widget["spec"]): Promise<Widget> {
    const widget = {
      apiVersion: "faults.test/v1",
      kind: "Widget",
      metadata: { name, namespace: this.namespace },
      spec,
    };
    return insist(() => this.client.apply(widgets, widget, { fieldManager: "user", force: true, signal }));
  }

  remove(name: string): Promise<unknown> {
    return insist(() => this.client.delete(widgets, { name, namespace: this.namespace }, { signal }));
  }

  async widgets(): Promise<readonly Widget[]> {
    return (await this.client.list(widgets, { namespace: this.namespace, signal })).items;
  }

  async children(): Promise<readonly ConfigMap[]> {
    const { namespace } = this;
    return (await this.client.list(configMaps, { namespace, labelSelector: widgetLabel, signal })).items;
  }

  /** Milliseconds until every Widget has its parts, no other ConfigMap is left, and the statuses say so. */
  converged(timeoutMs = patienceMs): Promise<number> {
    return eventually(
      `${this.namespace} is converged`,
      () => this.isConverged().catch(() => false),
      timeoutMs,
    );
  }

  /** Whether they do now. */
  async isConverged(): Promise<boolean> {
    const [all, children] = await Promise.all([this.widgets(), this.children()]);
    const texts = new Map(children.map(({ metadata, data }) => [metadata.name, data?.["text"]]));
    const wanted = all.flatMap(({ metadata, spec }) =>
      spec.parts.map((part) => ({ name: `${metadata.name}-${part}`, text: spec.text })),
    );
    const settled = all.every(({ metadata, status }) => status?.observedGeneration === metadata.generation);
    return (
      settled &&
      wanted.length === children.length &&
      wanted.every(({ name, text }) => texts.get(name) === text)
    );
  }
}

/** A name that no other run uses: suites may share a server. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${systemIds.next().slice(0, 8)}`;
}

/** A new namespace on a server that knows Widgets. */
export async function makeWorld(client: KubeClient, namespace: string): Promise<WidgetsWorld> {
  const object = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } };
  try {
    await client.create(namespaces, object, { signal });
  } catch (error) {
    if (!isKubeError(error, "AlreadyExists")) throw error;
  }
  return new WidgetsWorld(client, namespace);
}
