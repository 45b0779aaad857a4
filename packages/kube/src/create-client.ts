/** The Kubernetes verbs over the transport: where each goes, what it sends, how its answer is read. */
import { type Clock, systemRandom } from "@lmos/primitives";
import type {
  ApplyOptions,
  CallOptions,
  DeleteOptions,
  KubeClient,
  KubeClientOptions,
  ListOptions,
  ObjectList,
  Patch,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from "./client.ts";
import { decodeAnswer, decodeList } from "./decode.ts";
import { decodeResourceTypes, discoveryPath } from "./discovery.ts";
import { isKubeError } from "./errors.ts";
import { startIdleTimer } from "./idle-timer.ts";
import { readLines } from "./lines.ts";
import { type KubeObject, keyOf, keyText, type ObjectKey } from "./object.ts";
import type { ResourceType } from "./resource-type.ts";
import { createTransport, type Transport, type TransportRequest } from "./transport.ts";
import { resourcePath } from "./url.ts";
import { decodeWatchEvent } from "./watch-events.ts";

/** Silence that no healthy watch keeps when its server has not said when it ends: bookmarks come once a minute. */
const watchIdleMs = 90_000;
/** How long after its time the server may end a watch. */
const watchGraceMs = 5_000;

const patchTypes = {
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  json: "application/json-patch+json",
} as const satisfies Record<Patch["kind"], string>;

/** A client for one API server. Dispose it: that closes its connections. */
export function createKubeClient(options: KubeClientOptions): KubeClient {
  const transport = createTransport({ ...options, random: options.random ?? systemRandom });
  return new HttpKubeClient(transport, options.connection.namespace, options.clock);
}

/** Where a write goes, in words and as a URL, and what it sends. `name` is absent where the object is yet to be made. */
interface Write extends Pick<TransportRequest, "method" | "body" | "contentType" | "idempotent"> {
  readonly verb: string;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

class HttpKubeClient implements KubeClient {
  readonly #transport: Transport;
  readonly #namespace: string;
  readonly #clock: Clock;

  constructor(transport: Transport, namespace: string, clock: Clock) {
    this.#transport = transport;
    this.#namespace = namespace;
    this.#clock = clock;
  }

  async get<T extends KubeObject>(
    type: ResourceType<T>,
    key: ObjectKey,
    { signal }: CallOptions,
  ): Promise<T | undefined> {
    const target = this.#locate(type, key);
    const what = `get ${type.kind} ${keyText(target)}`;
    try {
      const answer = await this.#transport.send(reading(what, resourcePath(type, target)), { signal });
      return decodeAnswer(type, answer, what);
    } catch (error) {
      if (isKubeError(error, "NotFound")) return undefined;
      throw error;
    }
  }

  async list<T extends KubeObject>(type: ResourceType<T>, options: ListOptions): Promise<ObjectList<T>> {
    const { signal, namespace, continueToken, limit, labelSelector, fieldSelector } = options;
    const what = `list ${type.kind}`;
    const query = { limit, continue: continueToken, labelSelector, fieldSelector };
    const answer = await this.#transport.send(reading(what, resourcePath(type, { namespace }, query)), {
      signal,
    });
    return decodeList(type, answer, what);
  }

  async *watch<T extends KubeObject>(
    type: ResourceType<T>,
    options: WatchOptions,
  ): AsyncGenerator<WatchEvent<T>> {
    const { signal, namespace, ...query } = options;
    const what = `watch ${type.kind}`;
    const path = resourcePath(type, { namespace }, { watch: true, allowWatchBookmarks: true, ...query });
    using idle = startIdleTimer(what, idleMsOf(options), { signal, clock: this.#clock });
    const chunks = await this.#transport.open(reading(what, path), { signal: idle.signal });
    idle.touch();
    for await (const lines of readLines(chunks)) {
      idle.touch();
      for (const line of lines) yield decodeWatchEvent(type, line, what);
    }
  }

  create<T extends KubeObject>(type: ResourceType<T>, object: T, options: WriteOptions): Promise<T> {
    const { namespace } = this.#locate(type, keyOf(object));
    const write = { verb: "create", namespace, method: "POST", body: object, idempotent: false } as const;
    return this.#write(type, write, options);
  }

  replace<T extends KubeObject>(type: ResourceType<T>, object: T, options: WriteOptions): Promise<T> {
    const target = this.#locate(type, keyOf(object));
    const write = { verb: "replace", ...target, method: "PUT", body: object, idempotent: true } as const;
    return this.#write(type, write, options);
  }

  patch<T extends KubeObject>(
    type: ResourceType<T>,
    key: ObjectKey,
    patch: Patch,
    options: WriteOptions,
  ): Promise<T> {
    const write = {
      verb: "patch",
      ...this.#locate(type, key),
      method: "PATCH",
      body: patch.body,
      contentType: patchTypes[patch.kind],
      idempotent: patch.kind !== "json",
    } as const;
    return this.#write(type, write, options);
  }

  apply<T extends KubeObject>(type: ResourceType<T>, object: KubeObject, options: ApplyOptions): Promise<T> {
    const write = {
      verb: "apply",
      ...this.#locate(type, keyOf(object)),
      method: "PATCH",
      body: object,
      contentType: "application/apply-patch+yaml",
      idempotent: true,
    } as const;
    return this.#write(type, write, options);
  }

  async delete<T extends KubeObject>(
    type: ResourceType<T>,
    key: ObjectKey,
    options: DeleteOptions,
  ): Promise<"deleted" | "absent"> {
    const target = this.#locate(type, key);
    const what = `delete ${type.kind} ${keyText(target)}`;
    const path = resourcePath(type, target);
    const request = { what, method: "DELETE", path, body: deleteBody(options), idempotent: true } as const;
    try {
      await this.#transport.send(request, { signal: options.signal });
      return "deleted";
    } catch (error) {
      if (isKubeError(error, "NotFound")) return "absent";
      throw error;
    }
  }

  async discover(apiVersion: string, { signal }: CallOptions): Promise<readonly ResourceType[]> {
    const request = reading(`discover ${apiVersion}`, discoveryPath(apiVersion));
    try {
      return decodeResourceTypes(apiVersion, await this.#transport.send(request, { signal }));
    } catch (error) {
      if (isKubeError(error, "NotFound")) return [];
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#transport[Symbol.asyncDispose]();
  }

  #locate(type: ResourceType, key: ObjectKey): ObjectKey {
    if (!type.namespaced) return { name: key.name };
    return { name: key.name, namespace: key.namespace ?? this.#namespace };
  }

  async #write<T extends KubeObject>(
    type: ResourceType<T>,
    { verb, namespace, name, ...request }: Write,
    options: WriteOptions & Pick<ApplyOptions, "force">,
  ): Promise<T> {
    const { signal, subresource, fieldManager, force } = options;
    const what = [verb, type.kind, keyText({ namespace, name: name ?? "(new)" }), subresource ?? ""]
      .join(" ")
      .trim();
    const query = { fieldManager, force, dryRun: options.dryRun === true ? "All" : undefined };
    const path = resourcePath(type, { namespace, name, subresource }, query);
    return decodeAnswer(type, await this.#transport.send({ ...request, what, path }, { signal }), what);
  }
}

/** A server that ends a watch after `timeoutSeconds` can't be silent much longer than that. */
function idleMsOf({ timeoutSeconds }: WatchOptions): number {
  if (timeoutSeconds === undefined) return watchIdleMs;
  return Math.min(watchIdleMs, timeoutSeconds * 1_000 + watchGraceMs);
}

function reading(what: string, path: string): TransportRequest {
  return { what, method: "GET", path, idempotent: true };
}

function deleteBody({ uid, resourceVersion, propagation }: DeleteOptions): Record<string, unknown> {
  return {
    apiVersion: "v1",
    kind: "DeleteOptions",
    propagationPolicy: propagation,
    preconditions: { uid, resourceVersion },
  };
}
