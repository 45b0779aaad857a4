import { recordUpdate } from "@lmos/field-management";
import { formatTimestamp, type JsonObject, withMember } from "@lmos/primitives";
import type { RegistryContext, WriteRequest } from "./context.ts";

/**
 * Notes in `metadata.managedFields` which fields of the object the request's manager has set. A status that has a
 * path of its own belongs to those who write it there.
 */
export function recordWrite(
  { clock }: RegistryContext,
  { definition, fieldManager, subresource }: WriteRequest,
  { object, old }: { readonly object: JsonObject; readonly old: JsonObject | undefined },
): JsonObject {
  const hidden = definition.subresources.status && subresource !== "status";
  const shown = (value: JsonObject): JsonObject => (hidden ? withMember(value, "status", undefined) : value);
  const recorded = recordUpdate({
    before: old === undefined ? undefined : shown(old),
    after: shown(object),
    manager: fieldManager,
    subresource: subresource ?? "",
    schema: definition.schema,
    // As in Kubernetes, writes of a scale carry no time.
    time: subresource === "scale" ? undefined : formatTimestamp(clock.now()),
  });
  return hidden ? withMember(recorded, "status", object["status"]) : recorded;
}
