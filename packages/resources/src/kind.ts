/** A custom kind in one value: its Zod schema and what its CustomResourceDefinition adds to that. */
import type { z } from "zod";
import { group, version } from "./metadata.ts";
import { readAs } from "./reading.ts";

/** A column of `kubectl get`; priority 1 shows it with `-o wide` only. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: "string" | "integer" | "date";
  readonly jsonPath: string;
  readonly priority?: number;
}

/** A rule that the API server checks: a CEL expression over `self`, and over `oldSelf` where there is one. */
export interface ValidationRule {
  readonly rule: string;
  readonly message: string;
}

/** A custom kind: enough to talk to it (group to parse) and to define it in a cluster. */
export interface CustomKind<T> {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly namespaced: boolean;
  readonly description: string;
  readonly columns: readonly PrinterColumn[];
  /** Rules over the whole object. */
  readonly rules?: readonly ValidationRule[] | undefined;
  readonly schema: z.ZodType<T>;
  /** Reads one object of the kind, filling in defaults; throws a ResourceError that names the field. */
  readonly parse: (value: unknown) => T;
}

/** Completes a kind of the group `lmos.eclipse`: namespaced and of version `v1` unless it says otherwise. */
export function defineKind<T>(definition: {
  readonly kind: string;
  readonly plural: string;
  readonly shortNames: readonly string[];
  readonly description: string;
  readonly schema: z.ZodType<T>;
  readonly columns: readonly PrinterColumn[];
  readonly rules?: readonly ValidationRule[] | undefined;
  readonly version?: string;
  readonly namespaced?: boolean;
}): CustomKind<T> {
  return {
    version,
    namespaced: true,
    ...definition,
    group,
    singular: definition.kind.toLowerCase(),
    parse: (value) => readAs(definition.schema, value),
  };
}
