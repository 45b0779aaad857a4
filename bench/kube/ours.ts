/** This project's client as a contender. */
import {
  createKubeClient,
  createReflector,
  type KubeObject,
  loadConnection,
  type ResourceType,
} from "@lmos/kube";
import { isRecord, silentLogger, systemClock, systemRandom } from "@lmos/primitives";
import { appliedObject, appliedObjects, type Contender, namespace, repeatFor } from "./contender.ts";

const isObject = (value: unknown): value is KubeObject => isRecord(value) && isRecord(value["metadata"]);

export const configMaps: ResourceType = {
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  namespaced: true,
  parse: (value) => {
    if (isObject(value)) return value;
    throw new Error("not a ConfigMap");
  },
};

/** Connects as the kubeconfig says. */
export function createOurs(kubeconfigPath: string): Contender {
  const connection = loadConnection({ kubeconfigPath });
  const client = createKubeClient({ connection, clock: systemClock, userAgent: "bench/1" });
  const { signal } = new AbortController();
  const runtime = { clock: systemClock, random: systemRandom, logger: silentLogger };
  const { store, run } = createReflector({ client, type: configMaps, namespace, ...runtime });
  return {
    cache: async () => {
      const startedAt = performance.now();
      void run({ signal });
      await store.whenSynced({ signal });
      return { ms: performance.now() - startedAt, objects: store.list().length };
    },
    whenSeen: (name) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (store.get({ namespace, name }) === undefined) return;
          stop();
          resolve();
        };
        const stop = store.subscribe(look);
        look();
      }),
    applyFor: (seconds, inFlight) =>
      repeatFor(seconds, inFlight, (call) =>
        client.apply(configMaps, appliedObject(call % appliedObjects, call), {
          fieldManager: "bench",
          force: true,
          signal,
        }),
      ),
    replay: async (resourceVersion, changes) => {
      const startedAt = performance.now();
      let heard = 0;
      const selection = { namespace, resourceVersion, timeoutSeconds: 30, signal };
      for await (const { kind } of client.watch(configMaps, selection)) {
        if (kind !== "bookmark") heard += 1;
        if (heard === changes) return performance.now() - startedAt;
      }
      throw new Error(`ended after ${heard} changes`);
    },
  };
}
