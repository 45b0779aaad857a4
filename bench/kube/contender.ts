/** What is measured of a Kubernetes client. Each contender runs in a process of its own and is told what to do. */

/** A list that was cached: milliseconds until all objects were there, and how many. */
export interface Cached {
  readonly ms: number;
  readonly objects: number;
}

/** A client under measurement. Everything happens in the namespace of the benchmark, on ConfigMaps. */
export interface Contender {
  /** Lists and caches all objects, and keeps watching them until the process ends; resolves when they are there. */
  cache(): Promise<Cached>;
  /** Resolves when the cache holds an object of that name. */
  whenSeen(name: string): Promise<void>;
  /** Applies object after object, so many at the same time; how many were applied in so many seconds. */
  applyFor(seconds: number, inFlight: number): Promise<number>;
  /** Watches from that version on until so many changes were heard; milliseconds. */
  replay(resourceVersion: string, changes: number): Promise<number>;
}

export const namespace = "bench";

/** The object that applies write: a new value each time. */
export function appliedObject(index: number, value: number) {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: `applied-${index}`, namespace, labels: { bench: "applied" } },
    data: { value: String(value), text: "x".repeat(200) },
  };
}

/** Runs calls, so many at the same time, until the time is over; how many were finished. */
export async function repeatFor(
  seconds: number,
  inFlight: number,
  call: (index: number) => Promise<unknown>,
): Promise<number> {
  const endsAt = performance.now() + seconds * 1_000;
  let calls = 0;
  const caller = async (): Promise<void> => {
    while (performance.now() < endsAt) {
      calls += 1;
      await call(calls);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, caller));
  return calls;
}

/** How many different objects are applied: two callers hardly ever meet on one. */
export const appliedObjects = 200;
