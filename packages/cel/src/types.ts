/** The types of CEL: what the checker reasons with, and how error messages spell them. */

/** A type; `parameter` stands for any one type in the signature of a function. */
export type CelType =
  | { readonly kind: "named"; readonly name: string }
  | { readonly kind: "list"; readonly element: CelType }
  | { readonly kind: "map"; readonly key: CelType; readonly value: CelType }
  | { readonly kind: "optional"; readonly value: CelType }
  | { readonly kind: "type"; readonly of: CelType }
  | { readonly kind: "object"; readonly name: string; readonly fields: ReadonlyMap<string, CelType> }
  | { readonly kind: "parameter"; readonly name: string };

const named = (name: string): CelType => ({ kind: "named", name });

export const intType = named("int");
export const uintType = named("uint");
export const doubleType = named("double");
export const stringType = named("string");
export const boolType = named("bool");
export const bytesType = named("bytes");
export const nullType = named("null");
export const timestampType = named("timestamp");
export const durationType = named("duration");
/** Known at run time only; whatever is done with it compiles. */
export const dynType = named("dyn");
/** What an expression with an error counts as, so that one mistake is reported once. */
export const errorType = named("!error!");

export const listOf = (element: CelType): CelType => ({ kind: "list", element });
export const mapOf = (key: CelType, value: CelType): CelType => ({ kind: "map", key, value });
export const optionalOf = (value: CelType): CelType => ({ kind: "optional", value });
export const typeOf = (of: CelType): CelType => ({ kind: "type", of });
export const parameter = (name: string): CelType => ({ kind: "parameter", name });
/** A type that only Kubernetes has: `kubernetes.Quantity`. */
export const opaque = named;

/** True for `dyn` and for what already has an error. */
export function isOpen(type: CelType): boolean {
  return type === dynType || type === errorType;
}

/** The type as error messages spell it: `list(int)`. */
export function typeText(type: CelType): string {
  switch (type.kind) {
    case "named":
    case "object":
      return type.name;
    case "parameter":
      return "dyn";
    case "list":
      return `list(${typeText(type.element)})`;
    case "map":
      return `map(${typeText(type.key)}, ${typeText(type.value)})`;
    case "optional":
      return `optional_type(${typeText(type.value)})`;
    case "type":
      return `type(${typeText(type.of)})`;
    default:
      return type satisfies never;
  }
}
