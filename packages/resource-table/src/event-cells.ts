import { asObject, type JsonObject, objectAt, textAt } from "@lmos/primitives";
import { firstAt } from "./cell-values.ts";

/** The cells of an event. Its two groups, core and `events.k8s.io`, name the same things differently. */

/** The reference to what the event is about. */
export function regardingObject(object: JsonObject): JsonObject {
  return asObject(object["involvedObject"]) ?? objectAt(object, "regarding");
}

/** What the event is about: `pod/web-1`. */
export function regarding(object: JsonObject): string {
  const { kind, name: target } = regardingObject(object);
  const text = String(kind ?? "").toLowerCase();
  return target === undefined || target === "" ? text : `${text}/${String(target)}`;
}

/** Who reported the event: `kubelet, node-1`. */
export function eventSource(object: JsonObject): string {
  const source = asObject(object["source"]) ?? objectAt(object, "deprecatedSource");
  const component = [
    textAt(source, "component"),
    textAt(object, "reportingComponent"),
    textAt(object, "reportingController"),
  ].find((each) => each !== undefined && each !== "");
  const instance = textAt(source, "host") || textAt(object, "reportingInstance");
  return [component, instance].filter(Boolean).join(", ");
}

/** When the event first happened. */
export function firstSeen(object: JsonObject): string | undefined {
  return firstText(object, [".firstTimestamp", ".deprecatedFirstTimestamp", ".eventTime"]);
}

/** When the event last happened. */
export function lastSeen(object: JsonObject): string | undefined {
  const last = [".series.lastObservedTime", ".lastTimestamp", ".deprecatedLastTimestamp"];
  return firstText(object, last) ?? firstSeen(object);
}

function firstText(object: JsonObject, paths: readonly string[]): string | undefined {
  return paths.map((path) => firstAt(object, path)).find((value) => typeof value === "string");
}
