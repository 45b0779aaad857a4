/**
 * Users who edit at a fixed rate whatever the server does, and the history of an object, from which it can be told for
 * each single edit whether it was kept.
 */
import type { KubeClient, KubeObject, ObjectKey, ResourceType } from "@lmos/kube";
import { eventually, pause } from "./eventually.ts";

/** How fast and how long one user edits. */
export interface Pace {
  readonly perSecond: number;
  readonly forMs: number;
}

/** An edit that the server took: what was written, and the version that came of it. */
export interface Edit {
  readonly resourceVersion: string;
  readonly value: string;
}

/** What came of a user's edits. */
export interface Storm {
  readonly edits: readonly Edit[];
  /** Edits that the server turned down, saying so. */
  readonly refused: number;
  readonly perSecond: number;
}

/** A user is not held up by a slow answer, but does not pile up requests without bound either. */
const hands = 8;

/** Lets one user edit: `edit` writes the value and gives back the object as it is then. */
export async function storm(
  { perSecond, forMs }: Pace,
  edit: (value: string) => Promise<KubeObject>,
): Promise<Storm> {
  const startedAt = performance.now();
  const everyMs = 1_000 / perSecond;
  const inFlight = new Set<Promise<void>>();
  const edits: Edit[] = [];
  let refused = 0;
  const start = (value: string): void => {
    const done = edit(value)
      .then(({ metadata }) => {
        edits.push({ resourceVersion: metadata.resourceVersion ?? "", value });
      })
      .catch(() => {
        refused += 1;
      })
      .finally(() => inFlight.delete(done));
    inFlight.add(done);
  };
  for (let turn = 1; turn <= forMs / everyMs; turn++) {
    const earlyMs = startedAt + turn * everyMs - performance.now();
    if (earlyMs > 0) await pause(earlyMs);
    while (inFlight.size >= hands) await Promise.race(inFlight);
    start(String(turn));
  }
  await Promise.all(inFlight);
  return { edits, refused, perSecond: edits.length / ((performance.now() - startedAt) / 1_000) };
}

/** Every version of one object from now on. */
export interface ObjectHistory<T> extends AsyncDisposable {
  /** Resolves when it has come to that version. */
  until(resourceVersion: string): Promise<void>;
  /**
   * Where a value, as `read` finds it, is not what the last edit made it: each version that an edit made must show it,
   * and every other one what the version before showed.
   */
  lost(edits: readonly Edit[], read: (object: T) => string | undefined): readonly string[];
}

/** Starts to record what is there already. */
export async function recordHistory<T extends KubeObject>(
  client: KubeClient,
  type: ResourceType<T>,
  key: ObjectKey,
): Promise<ObjectHistory<T>> {
  const stop = new AbortController();
  const { signal } = stop;
  const first = await client.get(type, key, { signal });
  const resourceVersion = first?.metadata.resourceVersion;
  if (first === undefined || resourceVersion === undefined) throw new Error(`there is no ${key.name}`);
  const versions = new Map([[resourceVersion, first]]);
  const record = async (): Promise<void> => {
    for await (const event of client.watch(type, { namespace: key.namespace, resourceVersion, signal })) {
      if (event.kind !== "added" && event.kind !== "modified") continue;
      const { name, resourceVersion: version = "" } = event.object.metadata;
      if (name === key.name) versions.set(version, event.object);
    }
  };
  const recording = record().catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  return {
    until: async (version) => {
      await eventually(`version ${version} was seen`, () => versions.has(version), 60_000);
    },
    lost: (edits, read) => {
      const written = new Map(edits.map((edit) => [edit.resourceVersion, edit.value]));
      let wanted = read(first);
      const wrong: string[] = [];
      for (const [version, object] of versions) {
        wanted = written.get(version) ?? wanted;
        if (read(object) !== wanted) wrong.push(`version ${version}: ${read(object)} instead of ${wanted}`);
        wanted = read(object);
      }
      const unseen = edits.filter((edit) => !versions.has(edit.resourceVersion));
      return [...wrong, ...unseen.map((edit) => `version ${edit.resourceVersion} was never seen`)];
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await recording;
    },
  };
}
