import type { Clock, Logger, Random } from "@lmos/primitives";
import type { CallOptions, KubeClient } from "./client.ts";
import { KubeError } from "./errors.ts";
import type { KubeObject } from "./object.ts";
import type { ResourceType } from "./resource-type.ts";
import type { Indexes, Store } from "./store.ts";

/** What to mirror: all namespaces unless one is given. */
export interface ReflectorOptions<T extends KubeObject> {
  readonly client: Pick<KubeClient, "list" | "watch">;
  readonly type: ResourceType<T>;
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly indexes?: Indexes<T> | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** Keeps a store equal to what the API server holds, for as long as `run` runs. */
export interface Reflector<T extends KubeObject> {
  readonly store: Store<T>;
  /** Lists and watches until aborted; then resolves. Failures are retried for ever. */
  run(options: CallOptions): Promise<void>;
}

/** A reflector; nothing happens before its `run`. */
export function createReflector<T extends KubeObject>(options: ReflectorOptions<T>): Reflector<T> {
  throw new KubeError("InvalidConfiguration", `not built yet ${options.type.kind}`);
}
