import { unionOf } from "./field-set.ts";
import { entryOrder, type ManagedFieldsEntry, type Managers, managerKey } from "./managed-fields.ts";

/** How many managers of updates an object remembers one by one; those of applies are never put together. */
const maxUpdaters = 10;
const bucketName = "ancient-changes";

/** The entries with the oldest updates put together under one name, so that the object does not grow for ever. */
export function capUpdaters(managers: Managers): Managers {
  if (managers.size <= maxUpdaters) return managers;
  const updaters = [...managers.values()]
    .filter(({ operation, fields }) => operation === "Update" && fields.size > 0)
    .toSorted(entryOrder);
  const capped = new Map(managers);
  const firsts = new Map<string, ManagedFieldsEntry>();
  let excess = updaters.length - maxUpdaters;
  for (const updater of updaters) {
    if (excess <= 0) break;
    const first = firsts.get(updater.apiVersion);
    firsts.set(updater.apiVersion, first === undefined ? updater : intoBucket(capped, first, updater));
    if (first !== undefined) excess -= 1;
  }
  return capped;
}

/** Replaces two entries by one that has the fields of both and the time of the later. */
function intoBucket(
  managers: Map<string, ManagedFieldsEntry>,
  first: ManagedFieldsEntry,
  next: ManagedFieldsEntry,
): ManagedFieldsEntry {
  const { apiVersion, time } = next;
  const fields = unionOf(first.fields, next.fields);
  const bucket: ManagedFieldsEntry = {
    manager: bucketName,
    operation: "Update",
    apiVersion,
    subresource: "",
    time,
    fields,
  };
  managers.delete(managerKey(first));
  managers.delete(managerKey(next));
  managers.set(managerKey(bucket), bucket);
  return bucket;
}
