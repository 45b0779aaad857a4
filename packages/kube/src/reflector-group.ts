/** One store of what lies in several namespaces, for a process that may not look into the others. */
import type { CallOptions } from "./client.ts";
import type { KubeObject } from "./object.ts";
import { createReflector, type Reflector, type ReflectorOptions } from "./reflector.ts";
import { isOlderVersion } from "./resource-version.ts";
import type { Store } from "./store.ts";

/** What to mirror; all namespaces unless some are named. */
export interface ReflectorGroupOptions<T extends KubeObject> extends Omit<ReflectorOptions<T>, "namespace"> {
  readonly namespaces?: readonly string[] | undefined;
}

/** A reflector for each namespace, with the store of all of them. */
export function createReflectorGroup<T extends KubeObject>(options: ReflectorGroupOptions<T>): Reflector<T> {
  const { namespaces, ...shared } = options;
  if (namespaces === undefined) return createReflector(shared);
  const parts = [...new Set(namespaces)].map((namespace) => createReflector({ ...shared, namespace }));
  return {
    store: uniteStores(parts.map(({ store }) => store)),
    silentMs: () => Math.max(...parts.map((part) => part.silentMs())),
    run: async (run: CallOptions) => void (await Promise.all(parts.map((part) => part.run(run)))),
  };
}

/** A view of several stores as one. No object may be in two of them. */
export function uniteStores<T>(stores: readonly Store<T>[]): Store<T> {
  return {
    get: (key) => {
      for (const store of stores) {
        const found = store.get(key);
        if (found !== undefined) return found;
      }
      return undefined;
    },
    list: () => stores.flatMap((store) => store.list()),
    byIndex: (index, value) => stores.flatMap((store) => store.byIndex(index, value)),
    get synced() {
      return stores.every(({ synced }) => synced);
    },
    get resourceVersion() {
      return oldest(stores.map(({ resourceVersion }) => resourceVersion));
    },
    whenSynced: async (options) => void (await Promise.all(stores.map((store) => store.whenSynced(options)))),
    subscribe: (listener) => {
      const stops = stores.map((store) => store.subscribe(listener));
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}

/** All of them have come that far; undefined while one of them has come nowhere. */
function oldest(versions: readonly (string | undefined)[]): string | undefined {
  if (versions.includes(undefined)) return undefined;
  return versions.reduce((least, each) => (isOlderVersion(each, least) ? each : least), versions[0]);
}
