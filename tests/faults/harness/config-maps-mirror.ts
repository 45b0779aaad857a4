/** A reflector of ConfigMaps through a fault path, with everything that its store announced. */
import { type Change, createReflector, type KubeClient, type Store } from "@lmos/kube";
import { silentLogger, systemClock, systemRandom } from "@lmos/primitives";
import { type ConfigMap, configMaps } from "../widget-controller/widget.ts";
import { eventually } from "./eventually.ts";

const { signal } = new AbortController();

/** A mirror that runs. Disposing it stops it. */
export interface Mirror extends AsyncDisposable {
  readonly store: Store<ConfigMap>;
  readonly changes: readonly Change<ConfigMap>[];
}

/** Starts a mirror and waits for its first list. */
export async function startMirror(client: KubeClient, namespace: string): Promise<Mirror> {
  const stopped = new AbortController();
  const runtime = { clock: systemClock, random: systemRandom, logger: silentLogger };
  const { store, run } = createReflector({ client, type: configMaps, namespace, ...runtime });
  const changes: Change<ConfigMap>[] = [];
  store.subscribe((change) => changes.push(change));
  const running = run({ signal: stopped.signal });
  await store.whenSynced({ signal });
  return {
    store,
    changes,
    [Symbol.asyncDispose]: async () => {
      stopped.abort();
      await running;
    },
  };
}

/** Writes a ConfigMap and waits until the mirror shows it; tells how many milliseconds that took. */
export async function seenAfterWriting(
  client: KubeClient,
  mirror: Mirror,
  key: { readonly namespace: string; readonly name: string },
): Promise<number> {
  await writeConfigMap(client, key);
  return eventually(`${key.name} is seen`, () => mirror.store.get(key) !== undefined, 120_000);
}

/** Creates a ConfigMap, or changes it. */
export async function writeConfigMap(
  client: KubeClient,
  key: { readonly namespace: string; readonly name: string },
  text = "",
): Promise<ConfigMap> {
  const object = { apiVersion: "v1", kind: "ConfigMap", metadata: key, data: { text } };
  return client.apply(configMaps, object, { fieldManager: "user", force: true, signal });
}
