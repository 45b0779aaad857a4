/** `@kubernetes/client-node` as a contender, used as its documentation and examples show. */
import {
  CoreV1Api,
  KubeConfig,
  makeInformer,
  PatchStrategy,
  setHeaderOptions,
  Watch,
} from "@kubernetes/client-node";
import { appliedObject, appliedObjects, type Contender, namespace, repeatFor } from "./contender.ts";

const path = `/api/v1/namespaces/${namespace}/configmaps`;

/** Connects as the kubeconfig says. `restarts`: starts its informer again 5 s after an error, as its examples do. */
export function createClientNode(
  kubeconfigPath: string,
  { restarts }: { readonly restarts: boolean },
): Contender {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfigPath);
  const api = config.makeApiClient(CoreV1Api);
  const informer = makeInformer(config, path, () => api.listNamespacedConfigMap({ namespace }));
  const seen = new Map<string, () => void>();
  informer.on("add", ({ metadata }) => seen.get(metadata?.name ?? "")?.());
  informer.on("error", () => {
    if (restarts) setTimeout(() => void informer.start().catch(() => undefined), 5_000);
  });
  const asApply = setHeaderOptions("Content-Type", PatchStrategy.ServerSideApply);
  return {
    cache: async () => {
      const startedAt = performance.now();
      await informer.start();
      return { ms: performance.now() - startedAt, objects: informer.list(namespace).length };
    },
    whenSeen: (name) =>
      new Promise((resolve) => {
        seen.set(name, resolve);
        if (informer.get(name, namespace) !== undefined) resolve();
      }),
    applyFor: (seconds, inFlight) =>
      repeatFor(seconds, inFlight, (call) => {
        const body = appliedObject(call % appliedObjects, call);
        const { name } = body.metadata;
        return api.patchNamespacedConfigMap(
          { name, namespace, body, fieldManager: "bench", force: true },
          asApply,
        );
      }),
    replay: (resourceVersion, changes) => replay(config, resourceVersion, changes),
  };
}

function replay(config: KubeConfig, resourceVersion: string, changes: number): Promise<number> {
  const startedAt = performance.now();
  let heard = 0;
  return new Promise((resolve, reject) => {
    const hear = (): void => {
      heard += 1;
      if (heard === changes) resolve(performance.now() - startedAt);
    };
    new Watch(config)
      .watch(path, { resourceVersion }, hear, (error) =>
        reject(error ?? new Error(`ended after ${heard} changes`)),
      )
      .catch(reject);
  });
}
