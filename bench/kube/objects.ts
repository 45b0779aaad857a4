/** The objects that are listed, cached and watched: ConfigMaps of about 1 KiB, and what they are made with. */
import { createKubeClient, type KubeClient, type KubeObject, loadConnection } from "@lmos/kube";
import { systemClock } from "@lmos/primitives";
import { namespace, repeatFor } from "./contender.ts";
import { configMaps } from "./ours.ts";

const { signal } = new AbortController();
const data = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`key-${index}`, "y".repeat(80)]));

/** A client of the benchmark's own. */
export function connect(kubeconfigPath: string): KubeClient {
  const connection = loadConnection({ kubeconfigPath });
  return createKubeClient({ connection, clock: systemClock, userAgent: "bench/1" });
}

/** Where objects go that are not to be listed. */
const asideNamespace = "bench-aside";

export function listedObject(name: string): KubeObject & { readonly data: Readonly<Record<string, string>> } {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data };
}

/** Makes the namespaces, and in the one that is listed so many objects, ten at a time. */
export async function fill(client: KubeClient, objects: number): Promise<void> {
  const namespaces = { ...configMaps, kind: "Namespace", plural: "namespaces", namespaced: false };
  for (const name of [namespace, asideNamespace]) {
    await client.create(namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name } }, { signal });
  }
  let made = 0;
  const maker = async (): Promise<void> => {
    while (made < objects) {
      made += 1;
      await client.create(configMaps, listedObject(`object-${made}`), { signal });
    }
  };
  await Promise.all(Array.from({ length: 10 }, maker));
}

/** The version of the list as of now. */
export async function currentVersion(client: KubeClient): Promise<string> {
  return (await client.list(configMaps, { namespace, limit: 1, signal })).resourceVersion;
}

/** Makes so many changes; `run` makes them differ from those of other runs. */
export async function change(client: KubeClient, times: number, run: string): Promise<void> {
  let left = times;
  const changer = async (): Promise<void> => {
    while (left > 0) {
      const value = left;
      left -= 1;
      const key = { namespace, name: `object-${(value % 400) + 1}` };
      const body = { data: { value: `${run} ${value}` } };
      await client.patch(configMaps, key, { kind: "merge", body }, { signal });
    }
  };
  await Promise.all(Array.from({ length: 10 }, changer));
}

/** Lists everything, page after page; objects per second. */
export async function listAll(client: KubeClient): Promise<number> {
  const startedAt = performance.now();
  let objects = 0;
  let continueToken: string | undefined;
  do {
    const page = await client.list(configMaps, { namespace, limit: 500, continueToken, signal });
    objects += page.items.length;
    continueToken = page.continueToken;
  } while (continueToken !== undefined);
  return (objects / (performance.now() - startedAt)) * 1_000;
}

/** Creates for so many seconds, so many at the same time; creations per second. */
export async function createFor(client: KubeClient, seconds: number, inFlight: number): Promise<number> {
  const run = `${inFlight}-${performance.now().toFixed(0)}`;
  const create = (call: number) => {
    const metadata = { name: `made-${run}-${call}`, namespace: asideNamespace };
    return client.create(configMaps, { ...listedObject(""), metadata }, { signal });
  };
  return (await repeatFor(seconds, inFlight, create)) / seconds;
}

/** Milliseconds from the sending of a change to its arrival in a watch, one change after the other, sorted. */
export async function watchLatencies(client: KubeClient, changes: number): Promise<readonly number[]> {
  const stop = new AbortController();
  const resourceVersion = await currentVersion(client);
  const watch = client
    .watch(configMaps, { namespace, resourceVersion, signal: stop.signal })
    [Symbol.asyncIterator]();
  const latencies: number[] = [];
  for (let index = 0; index < changes; index++) {
    const arrival = watch.next();
    const sentAt = performance.now();
    const body = { data: { latency: String(index) } };
    const patching = client.patch(
      configMaps,
      { namespace, name: "object-1" },
      { kind: "merge", body },
      { signal },
    );
    await arrival;
    latencies.push(performance.now() - sentAt);
    await patching;
  }
  stop.abort();
  await watch.return?.();
  return latencies.sort((left, right) => left - right);
}
