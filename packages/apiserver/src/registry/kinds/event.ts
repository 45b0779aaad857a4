/** Events are served in two groups and stored once, as `v1`; `events.k8s.io/v1` renames the fields. */
import type { JsonObject, JsonValue } from "@lmos/primitives";

/** Name in `v1` → name in `events.k8s.io/v1`. */
const renamed: readonly (readonly [string, string])[] = [
  ["involvedObject", "regarding"],
  ["message", "note"],
  ["reportingComponent", "reportingController"],
  ["source", "deprecatedSource"],
  ["firstTimestamp", "deprecatedFirstTimestamp"],
  ["lastTimestamp", "deprecatedLastTimestamp"],
  ["count", "deprecatedCount"],
];

const references = ["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"];

/** How `events.k8s.io/v1` uses the storage of the core events. */
export const coreEvents = {
  resource: "events",
  fromStored: (event: JsonObject): JsonObject =>
    withoutEmptyReporter(rename(event, new Map(renamed), "events.k8s.io/v1")),
  toStored: (event: JsonObject): JsonObject =>
    withTimes(rename(event, new Map(renamed.map(([core, recent]) => [recent, core])), "v1")),
  coreFields: [
    "reason",
    "type",
    "reportingComponent",
    "source",
    ...references.map((name) => `involvedObject.${name}`),
  ],
  newFields: ["reason", "type", "reportingController", ...references.map((name) => `regarding.${name}`)],
} as const;

/** How core events are stored. */
export const storedEvents = {
  resource: "events",
  fromStored: (event: JsonObject): JsonObject => event,
  toStored: withTimes,
};

/** In the new group the reporter is left out where it is empty. */
function withoutEmptyReporter(event: JsonObject): JsonObject {
  const empty = ["reportingController", "reportingInstance"].filter((key) => event[key] === "");
  return Object.fromEntries(Object.entries(event).filter(([key]) => !empty.includes(key)));
}

/** The core events with the times that Go always writes. */
function withTimes(event: JsonObject): JsonObject {
  const { eventTime = null, firstTimestamp = null, lastTimestamp = null } = event;
  return { ...event, eventTime, firstTimestamp, lastTimestamp };
}

function rename(event: JsonObject, names: ReadonlyMap<string, string>, apiVersion: string): JsonObject {
  const members = Object.entries(event).map(([key, value]): [string, JsonValue] => [
    names.get(key) ?? key,
    value,
  ]);
  return { ...Object.fromEntries(members), apiVersion };
}
