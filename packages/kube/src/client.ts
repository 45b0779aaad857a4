import type { Clock, JsonObject, Random } from "@lmos/primitives";
import type { Tracer } from "@opentelemetry/api";
import type { KubeConnection } from "./connection.ts";
import type { KubeMetrics } from "./metrics.ts";
import type { KubeObject, ObjectKey } from "./object.ts";
import type { ResourceType } from "./resource-type.ts";
import type { Allowance } from "./token-bucket.ts";

/** What every call takes: aborting rejects with the signal's reason. */
export interface CallOptions {
  readonly signal: AbortSignal;
}

/** Which objects: all namespaces unless one is given. Selectors are written as for kubectl. */
export interface Selection {
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
}

/** One page: `limit` objects at most, from where `continueToken` (of the page before) says. */
export interface ListOptions extends CallOptions, Selection {
  readonly limit?: number | undefined;
  readonly continueToken?: string | undefined;
}

/** Changes after `resourceVersion`; the server ends the watch after `timeoutSeconds`. */
export interface WatchOptions extends CallOptions, Selection {
  readonly resourceVersion: string;
  readonly timeoutSeconds?: number | undefined;
}

/** `fieldManager` names the writer in the object's managed fields; `dryRun` writes nothing. */
export interface WriteOptions extends CallOptions {
  readonly fieldManager?: string | undefined;
  readonly dryRun?: boolean | undefined;
  readonly subresource?: "status" | "scale" | undefined;
}

/** `force` takes fields over that another manager owns; without it that is a Conflict. */
export interface ApplyOptions extends WriteOptions {
  readonly fieldManager: string;
  readonly force?: boolean | undefined;
}

/** `uid` and `resourceVersion` are preconditions: a Conflict unless the object still has them. */
export interface DeleteOptions extends CallOptions {
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
  /** What happens to owned objects: the server's default for the kind unless given. */
  readonly propagation?: "Foreground" | "Background" | "Orphan" | undefined;
}

/** An object that its type could not parse. */
export interface InvalidObject {
  /** Absent when not even the name could be read. */
  readonly key: ObjectKey | undefined;
  /** Of this version of the object, where it could be read. */
  readonly resourceVersion: string | undefined;
  readonly reason: string;
}

/** One page of a list. `resourceVersion` is where a watch goes on after the last page. */
export interface ObjectList<T> {
  readonly items: readonly T[];
  readonly invalid: readonly InvalidObject[];
  readonly resourceVersion: string;
  /** Present when there are more pages. */
  readonly continueToken: string | undefined;
}

/** One change. An `invalid` one is a change to an object that could not be parsed. */
export type WatchEvent<T> =
  | { readonly kind: "added" | "modified" | "deleted"; readonly object: T }
  | { readonly kind: "bookmark"; readonly resourceVersion: string }
  | { readonly kind: "invalid"; readonly invalid: InvalidObject };

/** A change to an object: RFC 7386 merge patch, strategic merge patch (built-in kinds), RFC 6902 JSON patch. */
export type Patch =
  | { readonly kind: "merge" | "strategic"; readonly body: JsonObject }
  | { readonly kind: "json"; readonly body: readonly JsonObject[] };

/**
 * The verbs of the Kubernetes API. Failures throw {@link KubeError}. A namespaced type without a namespace in key or
 * object means the connection's namespace. Objects come without `metadata.managedFields`.
 */
export interface KubeClient extends AsyncDisposable {
  /** The object, or undefined where there is none, which includes a type that the server does not serve. */
  get<T extends KubeObject>(
    type: ResourceType<T>,
    key: ObjectKey,
    options: CallOptions,
  ): Promise<T | undefined>;
  /** One page of objects. */
  list<T extends KubeObject>(type: ResourceType<T>, options: ListOptions): Promise<ObjectList<T>>;
  /**
   * Changes as they happen. Ends when the server ends it; throws when it breaks or expires, or when nothing was heard
   * for 90 s, or for 5 s more than its `timeoutSeconds` where that is less.
   */
  watch<T extends KubeObject>(type: ResourceType<T>, options: WatchOptions): AsyncIterable<WatchEvent<T>>;
  /** Creates the object; AlreadyExists when there is one of that name. */
  create<T extends KubeObject>(type: ResourceType<T>, object: T, options: WriteOptions): Promise<T>;
  /** Replaces the object; Conflict when its `resourceVersion` is not the newest. */
  replace<T extends KubeObject>(type: ResourceType<T>, object: T, options: WriteOptions): Promise<T>;
  /** Changes a part of the object. */
  patch<T extends KubeObject>(
    type: ResourceType<T>,
    key: ObjectKey,
    patch: Patch,
    options: WriteOptions,
  ): Promise<T>;
  /** Server-side apply of a (partial) object. */
  apply<T extends KubeObject>(type: ResourceType<T>, object: KubeObject, options: ApplyOptions): Promise<T>;
  /** Asks for the deletion; finalizers may delay it. */
  delete<T extends KubeObject>(
    type: ResourceType<T>,
    key: ObjectKey,
    options: DeleteOptions,
  ): Promise<"deleted" | "absent">;
  /**
   * What the server serves under an `apiVersion` (`v1`, `apps/v1`); none where it serves no such group and version.
   * The types parse nothing but apiVersion, kind and name, and keep every member of an object.
   */
  discover(apiVersion: string, options: CallOptions): Promise<readonly ResourceType[]>;
}

/** What a client is made of. `userAgent` is the `User-Agent` header, such as `my-operator/1.2.3`. */
export interface KubeClientOptions {
  readonly connection: KubeConnection;
  readonly clock: Clock;
  readonly userAgent: string;
  /** Jitter of retries; that of the machine unless given. */
  readonly random?: Random | undefined;
  /** How often it may ask, watches and repeated requests included; as often as it likes unless given. */
  readonly rateLimit?: Allowance | undefined;
  readonly metrics?: KubeMetrics | undefined;
  /** Makes one span for each HTTP request. */
  readonly tracer?: Tracer | undefined;
}
