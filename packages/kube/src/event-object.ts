/** The Event object of `events.k8s.io/v1`, as far as the recorder writes it. */
import { isRecord } from "@lmos/primitives";
import { KubeError } from "./errors.ts";
import type { KubeObject } from "./object.ts";
import type { ResourceType } from "./resource-type.ts";

/** How often the same thing happened, and when last (RFC 3339 with microseconds). */
interface EventSeries {
  readonly count: number;
  readonly lastObservedTime: string;
}

/** The object that an event is about. */
export interface EventReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
}

/** An event as it is written. */
export interface EventObject extends KubeObject {
  readonly eventTime: string;
  readonly reportingController: string;
  readonly reportingInstance: string;
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly action: string;
  readonly note: string;
  readonly regarding: EventReference;
  readonly series?: EventSeries | undefined;
}

/** Events. */
export const eventResource: ResourceType<EventObject> = {
  group: "events.k8s.io",
  version: "v1",
  kind: "Event",
  plural: "events",
  namespaced: true,
  parse: (value) => {
    if (isEventObject(value)) return value;
    throw new KubeError("ProtocolError", "not an event");
  },
};

/** Where the events of an object live: beside it, or in `default` for a cluster-scoped one. */
export function eventNamespace(regarding: KubeObject): string {
  return regarding.metadata.namespace ?? "default";
}

/** What an event says of its object. */
export function referenceTo({ apiVersion, kind, metadata }: KubeObject): EventReference {
  const { name, namespace, uid, resourceVersion } = metadata;
  return { apiVersion, kind, name, namespace, uid, resourceVersion };
}

/** RFC 3339 with microseconds, as the API demands here. */
export function microTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace("Z", "000Z");
}

function isEventObject(value: unknown): value is EventObject {
  return isRecord(value) && isRecord(value["metadata"]) && typeof value["metadata"]["name"] === "string";
}
