/** A client that holds one Lease and knows nothing else. */
import {
  interceptClient,
  type KubeClient,
  KubeError,
  type KubeObject,
  type Lease,
  leaseResource,
} from "@lmos/kube";

/** The fake. `failure` is thrown by every call while it is set. */
export class FakeLeaseClient {
  lease: Lease | undefined;
  failure: KubeError | undefined;
  #version = 0;

  /** What a replica gets. */
  readonly kube: KubeClient = interceptClient(unableClient, {
    get: () => async (type) => {
      this.#fail();
      return this.lease === undefined ? undefined : type.parse(this.lease);
    },
    create: () => async (type, object) => {
      if (this.lease !== undefined) throw new KubeError("AlreadyExists", "there is one");
      return type.parse(this.#write(object));
    },
    replace: () => async (type, object) => {
      if (object.metadata.resourceVersion !== this.lease?.metadata.resourceVersion) {
        throw new KubeError("Conflict", "it was changed");
      }
      return type.parse(this.#write(object));
    },
  });

  #write(object: KubeObject): Lease {
    this.#fail();
    this.#version += 1;
    const metadata = { ...object.metadata, resourceVersion: String(this.#version) };
    this.lease = leaseResource.parse({ ...object, metadata });
    return this.lease;
  }

  #fail(): void {
    if (this.failure !== undefined) throw this.failure;
  }
}

const unable = (): never => {
  throw new KubeError("NotFound", "this client knows only a Lease");
};

const unableClient: KubeClient = {
  get: unable,
  list: unable,
  watch: unable,
  create: unable,
  replace: unable,
  patch: unable,
  apply: unable,
  delete: unable,
  discover: unable,
  [Symbol.asyncDispose]: async () => undefined,
};
