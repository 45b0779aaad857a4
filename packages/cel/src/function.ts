import {
  boolType,
  bytesType,
  type CelType,
  doubleType,
  durationType,
  dynType,
  intType,
  listOf,
  mapOf,
  opaque,
  optionalOf,
  parameter,
  stringType,
  timestampType,
  typeOf,
  uintType,
} from "./types.ts";
import {
  type CelFault,
  type CelList,
  type CelMap,
  type CelOptional,
  type CelTagged,
  type CelValue,
  isList,
  isMap,
  isOptional,
  typeNameOf,
} from "./values.ts";

/**
 * How functions of CEL are declared: one overload a row, whose parameters say both what the checker accepts and how
 * the value is read at run time, so that the two can't disagree.
 */

/** A parameter: its type, and its value as the implementation takes it (undefined if it is of another type). */
export interface Parameter<T> {
  readonly type: CelType;
  readonly read: (value: CelValue) => T | undefined;
}

/** One overload of one function. */
export interface CelFunction {
  readonly name: string;
  /** Called as `target.name(…)`; the target is the first parameter then. */
  readonly isMember: boolean;
  readonly parameters: readonly CelType[];
  readonly result: CelType;
  /** Undefined if the arguments are of other types. */
  readonly run: (given: readonly CelValue[]) => CelValue | CelFault | undefined;
}

type Values<P extends readonly Parameter<unknown>[]> = {
  readonly [K in keyof P]: P[K] extends Parameter<infer T> ? T : never;
};

interface Declaration<P extends readonly Parameter<unknown>[]> {
  readonly takes: P;
  readonly gives: CelType;
  readonly run: (...given: Values<P>) => CelValue | CelFault;
}

/** Declares `target.name(…)`. */
export function method<const P extends readonly Parameter<unknown>[]>(
  name: string,
  declaration: Declaration<P>,
): CelFunction {
  return declare(name, true, declaration);
}

/** Declares `name(…)`, or an operator. */
export function globalFunction<const P extends readonly Parameter<unknown>[]>(
  name: string,
  declaration: Declaration<P>,
): CelFunction {
  return declare(name, false, declaration);
}

function declare<const P extends readonly Parameter<unknown>[]>(
  name: string,
  isMember: boolean,
  { takes, gives, run }: Declaration<P>,
): CelFunction {
  // Each value comes out of the parameter at its place.
  const fit = (values: readonly unknown[]): values is Values<P> =>
    values.length === takes.length && !values.includes(undefined);
  return {
    name,
    isMember,
    parameters: takes.map((each) => each.type),
    result: gives,
    run: (given) => {
      const values: readonly unknown[] = given.map((value, index) => takes[index]?.read(value));
      return fit(values) ? run(...values) : undefined;
    },
  };
}

function tagged<T extends CelTagged["tag"]>(
  tag: T,
  type: CelType,
): Parameter<Extract<CelTagged, { tag: T }>> {
  const hasTag = (value: CelValue): value is Extract<CelTagged, { tag: T }> =>
    typeof value === "object" && value !== null && "tag" in value && value.tag === tag;
  return { type, read: (value) => (hasTag(value) ? value : undefined) };
}

export const A = parameter("A");
export const B = parameter("B");

export const text: Parameter<string> = {
  type: stringType,
  read: (value) => (typeof value === "string" ? value : undefined),
};
export const int: Parameter<bigint> = {
  type: intType,
  read: (value) => (typeof value === "bigint" ? value : undefined),
};
export const double: Parameter<number> = {
  type: doubleType,
  read: (value) => (typeof value === "number" ? value : undefined),
};
export const bool: Parameter<boolean> = {
  type: boolType,
  read: (value) => (typeof value === "boolean" ? value : undefined),
};
export const bytes: Parameter<Uint8Array> = {
  type: bytesType,
  read: (value) => (value instanceof Uint8Array ? value : undefined),
};
export const uint = tagged("uint", uintType);
export const timestamp = tagged("timestamp", timestampType);
export const duration = tagged("duration", durationType);
export const url = tagged("kubernetes.URL", opaque("kubernetes.URL"));
export const quantity = tagged("kubernetes.Quantity", opaque("kubernetes.Quantity"));
export const ip = tagged("net.IP", opaque("net.IP"));
export const cidr = tagged("net.CIDR", opaque("net.CIDR"));
export const namedFormat = tagged("kubernetes.NamedFormat", opaque("kubernetes.NamedFormat"));

/** Any value, of the type that the other parameters of the same letter have. */
export const any = (type: CelType): Parameter<CelValue> => ({ type, read: (value) => value });
export const listParameter = (element: CelType): Parameter<CelList> => ({
  type: listOf(element),
  read: (value) => (isList(value) ? value : undefined),
});
export const mapParameter = (key: CelType, value: CelType): Parameter<CelMap> => ({
  type: mapOf(key, value),
  read: (given) => (isMap(given) ? given : undefined),
});
export const optionalParameter = (of: CelType): Parameter<CelOptional> => ({
  type: optionalOf(of),
  read: (value) => (isOptional(value) ? value : undefined),
});

/** `type(x)`. */
export const typeFunction = globalFunction("type", {
  takes: [any(A)],
  gives: typeOf(A),
  run: (value) => ({ tag: "type", bits: typeNameOf(value) }),
});

/** `dyn(x)`: the same value, of no known type. */
export const dynFunction = globalFunction("dyn", { takes: [any(A)], gives: dynType, run: (value) => value });
