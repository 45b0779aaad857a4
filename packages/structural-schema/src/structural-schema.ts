import type { JsonObject, JsonValue } from "@lmos/primitives";

/**
 * A structural schema in the JSON dialect of Kubernetes (OpenAPI v3 and the `x-kubernetes-` keywords), with every
 * `$ref` replaced by the schema meant, so that it may be a cyclic graph. The schemas of custom resources have this
 * shape already when they arrive; those of the built-in kinds are linked from the generated document.
 */
export interface StructuralSchema {
  readonly type?: SchemaType | undefined;
  readonly format?: string | undefined;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly default?: JsonValue | undefined;
  readonly nullable?: boolean | undefined;
  readonly enum?: readonly JsonValue[] | undefined;
  readonly required?: readonly string[] | undefined;
  readonly properties?: Readonly<Record<string, StructuralSchema>> | undefined;
  readonly additionalProperties?: StructuralSchema | boolean | undefined;
  readonly items?: StructuralSchema | undefined;
  readonly pattern?: string | undefined;
  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly exclusiveMinimum?: boolean | undefined;
  readonly exclusiveMaximum?: boolean | undefined;
  readonly multipleOf?: number | undefined;
  readonly minItems?: number | undefined;
  readonly maxItems?: number | undefined;
  readonly uniqueItems?: boolean | undefined;
  readonly minProperties?: number | undefined;
  readonly maxProperties?: number | undefined;
  readonly allOf?: readonly StructuralSchema[] | undefined;
  readonly anyOf?: readonly StructuralSchema[] | undefined;
  readonly oneOf?: readonly StructuralSchema[] | undefined;
  readonly not?: StructuralSchema | undefined;
  readonly "x-kubernetes-preserve-unknown-fields"?: boolean | undefined;
  readonly "x-kubernetes-embedded-resource"?: boolean | undefined;
  readonly "x-kubernetes-int-or-string"?: boolean | undefined;
  readonly "x-kubernetes-list-type"?: "atomic" | "set" | "map" | undefined;
  readonly "x-kubernetes-list-map-keys"?: readonly string[] | undefined;
  readonly "x-kubernetes-map-type"?: "atomic" | "granular" | undefined;
  readonly "x-kubernetes-validations"?: readonly ValidationRule[] | undefined;
  readonly "x-kubernetes-patch-merge-key"?: string | undefined;
  readonly "x-kubernetes-patch-strategy"?: string | undefined;
  /** Set on built-in types: repeated items of a set or list map are no fault, since Go decodes them unchecked. */
  readonly allowsDuplicates?: boolean | undefined;
  /** Set on lists and maps that Go leaves out when they are empty. */
  readonly omitEmpty?: boolean | undefined;
  /** Set on built-in types: their name in Go (`v1.PodSpec`). */
  readonly goType?: string | undefined;
  /** Set on members that Go always writes: what an absent one counts as when objects are compared. */
  readonly implied?: JsonValue | undefined;
  /** Set on some built-in types: the members to add to an object that lacks them, which may depend on the others. */
  readonly derivedDefaults?: ((value: JsonObject) => JsonObject) | undefined;
}

/** A rule of a schema in CEL, as it is written. */
export interface ValidationRule {
  readonly rule: string;
  readonly message?: string | undefined;
  readonly messageExpression?: string | undefined;
  readonly reason?: string | undefined;
  readonly fieldPath?: string | undefined;
  readonly optionalOldSelf?: boolean | undefined;
}

/** The JSON types a schema may ask for. */
export type SchemaType = "object" | "array" | "string" | "integer" | "number" | "boolean";
