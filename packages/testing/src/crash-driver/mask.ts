/** Makes states of different runs comparable: what differs from run to run is taken out. */
import { isRecord } from "@lmos/primitives";

const volatile = new Set(["uid", "resourceVersion", "creationTimestamp", "managedFields", "namespace"]);
const timePattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}/;

/** The same value without uids, versions and namespaces, and with `(time)` for every RFC 3339 time. */
export function maskVolatile(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(maskVolatile);
  if (typeof value === "string") return timePattern.test(value) ? "(time)" : value;
  if (!isRecord(value)) return value;
  const kept = Object.entries(value).filter(([name]) => !volatile.has(name));
  return Object.fromEntries(kept.map(([name, member]) => [name, maskVolatile(member)]));
}
