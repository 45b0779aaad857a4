import type { Clock, IdSource, Logger } from "@lmos/primitives";
import type { KubeClient } from "./client.ts";
import { KubeError } from "./errors.ts";
import type { KubeObject } from "./object.ts";

/** Something that happened to an object, for the people who look at it with `kubectl describe`. */
export interface EventRecord {
  readonly regarding: KubeObject;
  readonly type: "Normal" | "Warning";
  /** Why, in one CamelCase word. */
  readonly reason: string;
  /** What was done or tried, in one CamelCase word. */
  readonly action: string;
  /** The sentence for people; cut at 1,024 characters. */
  readonly note: string;
}

/** Writes events in the background. Disposing it writes what is still buffered (5 s at most). */
export interface EventRecorder extends AsyncDisposable {
  /** Never throws and never waits: what can't be written is logged and dropped. */
  record(event: EventRecord): void;
}

/** What an event recorder is made of. */
export interface EventRecorderOptions {
  readonly client: Pick<KubeClient, "create" | "patch">;
  /** Who reports, such as `my-operator`. */
  readonly component: string;
  /** Which of its instances, such as the pod's name. */
  readonly instance: string;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
}

/** An event recorder. */
export function createEventRecorder(options: EventRecorderOptions): EventRecorder {
  throw new KubeError("InvalidConfiguration", `not built yet ${options.component}`);
}
