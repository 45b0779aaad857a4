import type { RuleNode, StructuralSchema } from "@lmos/structural-schema";

/** A column of `kubectl get` that a custom resource declares (`additionalPrinterColumns`). */
export interface PrinterColumn {
  readonly name: string;
  /** OpenAPI type: `string`, `integer`, `number`, `boolean` or `date` (shown as an age). */
  readonly type: string;
  readonly format?: string | undefined;
  readonly description?: string | undefined;
  /** 0 or absent: always shown; greater: with `-o wide` only. */
  readonly priority?: number | undefined;
  readonly jsonPath: string;
}

/** Where the scale subresource finds its three values, as simple JSON paths (`.spec.replicas`). */
export interface ScaleSubresource {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
  readonly labelSelectorPath?: string | undefined;
}

/**
 * One served version of one kind: all that the generic storage, HTTP, table and OpenAPI code needs to know.
 * Built-in kinds are rows of a table, custom ones are read from a CustomResourceDefinition; the rest of the
 * server never asks which.
 */
export interface ResourceDefinition {
  /** `""` for the core group. */
  readonly group: string;
  readonly version: string;
  /** The version that objects are stored in, where it is another one. */
  readonly storageVersion?: string | undefined;
  readonly kind: string;
  readonly listKind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  /** As discovery lists them: `create`, `delete`, `deletecollection`, `get`, `list`, `patch`, `update`, `watch`. */
  readonly verbs: readonly string[];
  /** Undefined when the objects are not described: any content is kept as it is. */
  readonly schema: StructuralSchema | undefined;
  /** The rules of the schema that are written in CEL; absent if there are none. */
  readonly rules?: RuleNode | undefined;
  readonly subresources: { readonly status: boolean; readonly scale: ScaleSubresource | undefined };
  /** Declared columns; empty for built-in kinds, whose columns the table renderer knows. */
  readonly columns: readonly PrinterColumn[];
  /** Fields beside name and namespace that a custom resource declares as selectable: `spec.colour`. */
  readonly selectableFields?: readonly string[] | undefined;
  readonly origin: "builtin" | "custom";
  /**
   * The revision at which it was defined as it is; 0 or absent if it always was so. An object that was written before is
   * held to it when it is read: fields that are gone are left out, new defaults are there.
   */
  readonly since?: number | undefined;
}

/** `v1` for the core group, `group/version` for the others. */
export function apiVersionOf(definition: Pick<ResourceDefinition, "group" | "version">): string {
  return definition.group === "" ? definition.version : `${definition.group}/${definition.version}`;
}
