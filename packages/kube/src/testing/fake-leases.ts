import { KubeError } from "../errors.ts";
import type { LeaderOptions } from "../leader-options.ts";
import { type Lease, leaseResource } from "../lease.ts";
import type { KubeObject } from "../object.ts";

/** One lease as an API server keeps it, with what a test wants to go wrong. */
export class FakeLeases {
  lease: Lease | undefined;
  writes = 0;
  #version = 0;

  /** What a process sees of it. `failure` fails its calls; `hang` lets them wait until they are aborted. */
  clientFor(faults: {
    failure?: KubeError | undefined;
    hang?: boolean;
    loseAnswers?: boolean;
  }): LeaderOptions["client"] {
    const call = async <R>(signal: AbortSignal, work: () => R): Promise<R> => {
      if (faults.hang) await new Promise((_resolve, reject) => onAbort(signal, reject));
      if (faults.failure !== undefined) throw faults.failure;
      const result = work();
      if (faults.loseAnswers) throw new KubeError("Unreachable", "the answer was lost");
      return result;
    };
    return {
      get: (type, _key, { signal }) =>
        call(signal, () => (this.lease === undefined ? undefined : type.parse(this.lease))),
      create: (type, object, { signal }) => call(signal, () => type.parse(this.#create(object))),
      replace: (type, object, { signal }) => call(signal, () => type.parse(this.#replace(object))),
    };
  }

  #create(lease: KubeObject): Lease {
    if (this.lease !== undefined) throw new KubeError("AlreadyExists", "there is one");
    return this.#store(lease);
  }

  #replace(lease: KubeObject): Lease {
    if (this.lease === undefined) throw new KubeError("NotFound", "there is none");
    const { resourceVersion } = this.lease.metadata;
    if (lease.metadata.resourceVersion !== resourceVersion) throw new KubeError("Conflict", "it was changed");
    return this.#store(lease);
  }

  #store(lease: KubeObject): Lease {
    this.writes += 1;
    this.#version += 1;
    const metadata = { ...lease.metadata, resourceVersion: String(this.#version) };
    this.lease = leaseResource.parse({ ...lease, metadata });
    return this.lease;
  }
}

function onAbort(signal: AbortSignal, reject: (reason: unknown) => void): void {
  signal.addEventListener("abort", () => reject(signal.reason), { once: true });
}
