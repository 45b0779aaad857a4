/** The values of CEL at run time. A fault is a value too: it travels up until an `||` or `&&` makes it good. */

/** Keys of maps. */
export type CelKey = string | bigint | boolean;

/** `bigint` is CEL's int, `number` its double; the other kinds that JavaScript lacks are tagged. */
export type CelValue =
  | null
  | boolean
  | bigint
  | number
  | string
  | Uint8Array
  | CelList
  | CelMap
  | CelTagged
  | CelOptional;

/** A list; one whose items have an identity in their schema is compared and joined by that. */
export interface CelList {
  readonly tag: "list";
  readonly items: readonly CelValue[];
  /** `set`, or the members that make the key of an item. */
  readonly identity?: "set" | readonly string[] | undefined;
}

/** A map, or an object with its members under their escaped names. */
export type CelMap = ReadonlyMap<CelKey, CelValue>;

/** A value that may be absent. */
export interface CelOptional {
  readonly tag: "optional";
  readonly value: CelValue | undefined;
}

/** Values of the remaining types; `bits` decides equality. */
export type CelTagged =
  | { readonly tag: "uint"; readonly bits: bigint }
  | { readonly tag: "timestamp"; readonly bits: bigint }
  | { readonly tag: "duration"; readonly bits: bigint }
  | { readonly tag: "type"; readonly bits: string }
  | { readonly tag: "kubernetes.URL"; readonly bits: string }
  | { readonly tag: "kubernetes.Quantity"; readonly bits: bigint }
  | { readonly tag: "net.IP"; readonly bits: bigint; readonly width: 32 | 128 }
  | { readonly tag: "net.CIDR"; readonly bits: bigint; readonly width: 32 | 128; readonly prefix: number }
  | { readonly tag: "kubernetes.NamedFormat"; readonly bits: string };

/** Why an expression has no value; a final one can't be made good: the budget is used up. */
export interface CelFault {
  readonly tag: "fault";
  readonly message: string;
  readonly isFinal?: boolean | undefined;
}

export const list = (items: readonly CelValue[]): CelList => ({ tag: "list", items });
export const some = (value: CelValue): CelOptional => ({ tag: "optional", value });
export const none: CelOptional = { tag: "optional", value: undefined };
export const fault = (message: string): CelFault => ({ tag: "fault", message });
/** The value is of a type that the function does not take; found at run time with dynamic types only. */
export const noSuchOverload = fault("no such overload");

export function isFault(value: CelValue | CelFault): value is CelFault {
  return isTagged(value) && value.tag === "fault";
}

export function isList(value: CelValue): value is CelList {
  return isTagged(value) && value.tag === "list";
}

export function isMap(value: CelValue): value is CelMap {
  return value instanceof Map;
}

export function isOptional(value: CelValue): value is CelOptional {
  return isTagged(value) && value.tag === "optional";
}

/** The name of a value's type, as `type(x)` gives it. */
export function typeNameOf(value: CelValue): string {
  if (value === null) return "null_type";
  if (value instanceof Uint8Array) return "bytes";
  if (isMap(value)) return "map";
  switch (typeof value) {
    case "bigint":
      return "int";
    case "number":
      return "double";
    case "boolean":
      return "bool";
    case "string":
      return "string";
    default:
      return taggedTypeNames[value.tag] ?? value.tag;
  }
}

const taggedTypeNames: Readonly<Record<string, string>> = {
  optional: "optional_type",
  timestamp: "google.protobuf.Timestamp",
  duration: "google.protobuf.Duration",
};

/** The number that a value of any of the three numeric types is. */
export function numberOf(value: CelValue): number | bigint | undefined {
  if (typeof value === "number" || typeof value === "bigint") return value;
  return isTagged(value) && value.tag === "uint" ? value.bits : undefined;
}

function isTagged(value: CelValue | CelFault): value is CelList | CelTagged | CelOptional | CelFault {
  return typeof value === "object" && value !== null && "tag" in value;
}

/** Equality across the numeric types; sets and list maps are equal in any order. */
export function celEqual(one: CelValue, other: CelValue): boolean {
  const [left, right] = [numberOf(one), numberOf(other)];
  if (left !== undefined && right !== undefined) return numbersEqual(left, right);
  if (one instanceof Uint8Array) return other instanceof Uint8Array && Buffer.compare(one, other) === 0;
  if (one === null || typeof one !== "object" || other === null || typeof other !== "object") {
    return one === other;
  }
  if (isMap(one)) return isMap(other) && mapsEqual(one, other);
  if (isMap(other) || other instanceof Uint8Array) return false;
  if (one.tag === "list") return other.tag === "list" && listsEqual(one, other);
  if (one.tag === "optional") return other.tag === "optional" && optionalsEqual(one, other);
  return one.tag === other.tag && "bits" in other && taggedEqual(one, other);
}

/** Beside a double an int is the double that is nearest to it. */
function numbersEqual(one: number | bigint, other: number | bigint): boolean {
  return typeof one === typeof other ? one === other : Number(one) === Number(other);
}

function mapsEqual(one: CelMap, other: CelMap): boolean {
  if (one.size !== other.size) return false;
  return [...one].every(([key, value]) => {
    const match = other.get(key);
    return match !== undefined && celEqual(value, match);
  });
}

function listsEqual(one: CelList, other: CelList): boolean {
  const { items } = one;
  if (items.length !== other.items.length) return false;
  if (one.identity === undefined && other.identity === undefined) {
    return items.every((item, index) => celEqual(item, other.items[index] ?? null));
  }
  return items.every((item) => other.items.some((candidate) => celEqual(item, candidate)));
}

function optionalsEqual(one: CelOptional, other: CelOptional): boolean {
  if (one.value === undefined || other.value === undefined) return one.value === other.value;
  return celEqual(one.value, other.value);
}

function taggedEqual(one: CelTagged, other: CelTagged): boolean {
  if (one.bits !== other.bits) return false;
  if ("prefix" in one && "prefix" in other && one.prefix !== other.prefix) return false;
  return !("width" in one && "width" in other) || one.width === other.width;
}
