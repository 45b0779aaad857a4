import { type FieldSet, formatFieldPath, intersectionOf, pathsOf } from "./field-set.ts";
import type { ManagedFieldsEntry, Managers } from "./managed-fields.ts";

/** A field that an apply would change although somebody else owns it. */
export interface Conflict {
  /** The owner, as Kubernetes prints it: `"kubectl-edit" with subresource "status" using apps/v1`. */
  readonly manager: string;
  /** `.spec.replicas`. */
  readonly field: string;
}

/** The changed fields that these managers own, by manager and field. */
export function conflictsOf(managers: Managers, changed: FieldSet): readonly Conflict[] {
  const conflicts = [...managers.values()].flatMap((entry) =>
    pathsOf(intersectionOf(entry.fields, changed)).map((path) => ({
      manager: describeManager(entry),
      field: formatFieldPath(path),
    })),
  );
  return conflicts.sort((one, other) =>
    one.manager < other.manager ? -1 : one.manager > other.manager ? 1 : 0,
  );
}

function describeManager({ manager, operation, apiVersion, subresource }: ManagedFieldsEntry): string {
  const part = subresource === "" ? "" : ` with subresource ${JSON.stringify(subresource)}`;
  const version = operation === "Apply" ? "" : ` using ${apiVersion}`;
  return `${JSON.stringify(manager)}${part}${version}`;
}

/** The message of a Status cause (reason `FieldManagerConflict`, field as in the conflict). */
export function conflictCause(conflict: Conflict): string {
  return `conflict with ${conflict.manager}`;
}

/** The message of the Status (409, reason `Conflict`), worded as Kubernetes words it. */
export function conflictMessage(conflicts: readonly Conflict[]): string {
  const [first, ...more] = conflicts;
  if (first !== undefined && more.length === 0) {
    return `Apply failed with 1 conflict: conflict with ${first.manager}: ${first.field}`;
  }
  const byManager = Map.groupBy(conflicts, (conflict) => conflict.manager);
  const lines = [...byManager].flatMap(([manager, fields]) => [
    `conflicts with ${manager}:`,
    ...fields.map(({ field }) => `- ${field}`),
  ]);
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join("\n")}`;
}
