import { formatTimestamp, type JsonObject } from "@lmos/primitives";
import { recordUpdate } from "../apply/record-update.ts";
import type { RegistryContext, WriteRequest } from "./context.ts";

/** Notes in `metadata.managedFields` which fields of the object the request's manager has set. */
export function recordWrite(
  { clock }: RegistryContext,
  { definition, fieldManager, subresource }: WriteRequest,
  { object, old }: { readonly object: JsonObject; readonly old: JsonObject | undefined },
): JsonObject {
  return recordUpdate({
    before: old,
    after: object,
    manager: fieldManager,
    subresource: subresource ?? "",
    schema: definition.schema,
    time: formatTimestamp(clock.now()),
  });
}
