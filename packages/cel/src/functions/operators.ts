import { keyOf } from "../expression.ts";
import {
  A,
  any,
  B,
  bool,
  bytes,
  type CelFunction,
  double,
  duration,
  globalFunction,
  int,
  listParameter,
  mapParameter,
  type Parameter,
  text,
  timestamp,
  uint,
} from "../function.ts";
import {
  boolType,
  bytesType,
  type CelType,
  doubleType,
  durationType,
  intType,
  listOf,
  stringType,
  timestampType,
  uintType,
} from "../types.ts";
import { type CelFault, type CelList, type CelValue, celEqual, fault, list, numberOf } from "../values.ts";
import { durationOf, timestampOf } from "./time-syntax.ts";

/** Arithmetic, comparison, membership and indexing. */

const overflow = fault("integer overflow");
const durationOverflow = fault("duration overflow");
const timestampOverflow = fault("timestamp overflow");
const notANumber = fault("NaN values cannot be ordered");
const unsignedOverflow = fault("unsigned integer overflow");

/** An int, unless it leaves 64 bits. */
export function toInt(value: bigint): bigint | CelFault {
  return BigInt.asIntN(64, value) === value ? value : overflow;
}

/** A uint, unless it leaves 64 bits. */
export function toUint(value: bigint): CelValue | CelFault {
  return BigInt.asUintN(64, value) === value ? { tag: "uint", bits: value } : unsignedOverflow;
}

type Arithmetic = readonly [
  name: string,
  exact: (one: bigint, other: bigint) => bigint | CelFault,
  rounded?: (one: number, other: number) => number,
];

const divisible =
  (message: string, divide: (one: bigint, other: bigint) => bigint) => (one: bigint, other: bigint) =>
    other === 0n ? fault(message) : divide(one, other);

const arithmetic: readonly Arithmetic[] = [
  ["_+_", (one, other) => one + other, (one, other) => one + other],
  ["_-_", (one, other) => one - other, (one, other) => one - other],
  ["_*_", (one, other) => one * other, (one, other) => one * other],
  ["_/_", divisible("division by zero", (one, other) => one / other), (one, other) => one / other],
  // The least int divided by -1 leaves 64 bits, and the rest of that is not given either.
  [
    "_%_",
    divisible("modulus by zero", (one, other) =>
      one === -(2n ** 63n) && other === -1n ? -one : one % other,
    ),
  ],
];

function arithmeticOverloads([name, exact, rounded]: Arithmetic): readonly CelFunction[] {
  const whole = (one: bigint, other: bigint, fit: (value: bigint) => CelValue | CelFault) => {
    const value = exact(one, other);
    return typeof value === "bigint" ? fit(value) : value;
  };
  const functions = [
    globalFunction(name, {
      takes: [int, int],
      gives: intType,
      run: (one, other) => whole(one, other, toInt),
    }),
    globalFunction(name, {
      takes: [uint, uint],
      gives: uintType,
      run: (one, other) => whole(one.bits, other.bits, toUint),
    }),
  ];
  if (rounded === undefined) return functions;
  return [...functions, globalFunction(name, { takes: [double, double], gives: doubleType, run: rounded })];
}

type Comparison = readonly [name: string, holds: (order: number) => boolean];

const comparisons: readonly Comparison[] = [
  ["_<_", (order) => order < 0],
  ["_<=_", (order) => order <= 0],
  ["_>_", (order) => order > 0],
  ["_>=_", (order) => order >= 0],
];

function comparisonOverloads([name, holds]: Comparison): readonly CelFunction[] {
  const compare = <T>(takes: Parameter<T>, other: Parameter<T>, order: (one: T, two: T) => number) =>
    globalFunction(name, {
      takes: [takes, other],
      gives: boolType,
      run: (one, two) => {
        const found = order(one, two);
        return Number.isNaN(found) ? notANumber : holds(found);
      },
    });
  const numbers = [intNumber, uintNumber, doubleNumber];
  return [
    ...numbers.flatMap((one) => numbers.map((other) => compare(one, other, orderOf))),
    compare(bool, bool, (one, other) => Number(one) - Number(other)),
    compare(text, text, orderOfTexts),
    compare(bytes, bytes, (one, other) => Buffer.compare(one, other)),
    compare(timestamp, timestamp, (one, other) => orderOf(one.bits, other.bits)),
    compare(duration, duration, (one, other) => orderOf(one.bits, other.bits)),
  ];
}

const intNumber: Parameter<bigint | number> = int;
const doubleNumber: Parameter<bigint | number> = double;
const uintNumber: Parameter<bigint | number> = {
  type: uint.type,
  read: (value) => uint.read(value)?.bits,
};

/** Beside a double an int or a uint is the double that is nearest to it; not a number where one of them is none. */
function orderOf(one: bigint | number, other: bigint | number): number {
  if (typeof one !== typeof other) return orderOf(Number(one), Number(other));
  if (one < other) return -1;
  return one > other ? 1 : one === other ? 0 : Number.NaN;
}

/** By code point, as Go orders texts. */
function orderOfTexts(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

function concatenate(one: CelList, other: CelList): CelList {
  const { identity } = one;
  if (identity === undefined) return list([...one.items, ...other.items]);
  const added = other.items.filter((item) => !one.items.some((known) => sameItem(known, item, identity)));
  const kept = one.items.map((item) => other.items.find((each) => sameItem(item, each, identity)) ?? item);
  return { tag: "list", items: [...kept, ...added], identity };
}

function sameItem(one: CelValue, other: CelValue, identity: "set" | readonly string[]): boolean {
  if (identity === "set" || !(one instanceof Map) || !(other instanceof Map)) return celEqual(one, other);
  return identity.every((key) => celEqual(one.get(key) ?? null, other.get(key) ?? null));
}

/** Where in a list: an int, or a number of another type that is whole, which is seen when it is run. */
export const position: Parameter<bigint> = {
  type: intType,
  read: (value) => {
    const number = numberOf(value);
    return typeof number === "number" ? (Number.isInteger(number) ? BigInt(number) : undefined) : number;
  },
};

/** The item of a list. */
function itemAt({ items }: CelList, index: bigint): CelValue | CelFault {
  const item = items[Number(index)];
  return item === undefined ? fault(`index out of bounds: ${index}`) : item;
}

const plus = <T extends CelValue>(
  takes: Parameter<T>,
  gives: CelType,
  run: (one: T, other: T) => CelValue | CelFault,
): CelFunction => globalFunction("_+_", { takes: [takes, takes], gives, run });

const additions: readonly CelFunction[] = [
  plus(text, stringType, (one, other) => one + other),
  plus(bytes, bytesType, (one, other) => Buffer.concat([one, other])),
  plus(listParameter(A), listOf(A), concatenate),
  plus(duration, durationType, (one, other) => durationOf(one.bits + other.bits) ?? durationOverflow),
  globalFunction("_+_", {
    takes: [timestamp, duration],
    gives: timestampType,
    run: (one, other) => timestampOf(one.bits + other.bits) ?? timestampOverflow,
  }),
  globalFunction("_+_", {
    takes: [duration, timestamp],
    gives: timestampType,
    run: (one, other) => timestampOf(one.bits + other.bits) ?? timestampOverflow,
  }),
  globalFunction("_-_", {
    takes: [timestamp, timestamp],
    gives: durationType,
    run: (one, other) => durationOf(one.bits - other.bits) ?? durationOverflow,
  }),
  globalFunction("_-_", {
    takes: [timestamp, duration],
    gives: timestampType,
    run: (one, other) => timestampOf(one.bits - other.bits) ?? timestampOverflow,
  }),
  globalFunction("_-_", {
    takes: [duration, duration],
    gives: durationType,
    run: (one, other) => durationOf(one.bits - other.bits) ?? durationOverflow,
  }),
];

const equality: readonly CelFunction[] = [
  globalFunction("_==_", { takes: [any(A), any(A)], gives: boolType, run: celEqual }),
  globalFunction("_!=_", {
    takes: [any(A), any(A)],
    gives: boolType,
    run: (one, other) => !celEqual(one, other),
  }),
];

const membership: readonly CelFunction[] = [
  globalFunction("@in", {
    takes: [any(A), listParameter(A)],
    gives: boolType,
    run: (item, { items }) => items.some((each) => celEqual(each, item)),
  }),
  globalFunction("@in", {
    takes: [any(A), mapParameter(A, B)],
    gives: boolType,
    run: (key, map) => {
      const known = keyOf(key);
      return known !== undefined && map.has(known);
    },
  }),
  globalFunction("_[_]", { takes: [listParameter(A), position], gives: A, run: itemAt }),
  globalFunction("_[_]", {
    takes: [mapParameter(A, B), any(A)],
    gives: B,
    run: (map, key) => {
      const known = keyOf(key);
      const value = known === undefined ? undefined : map.get(known);
      return value === undefined ? fault(`no such key: ${String(known)}`) : value;
    },
  }),
];

const unary: readonly CelFunction[] = [
  globalFunction("!_", { takes: [bool], gives: boolType, run: (value) => !value }),
  globalFunction("-_", { takes: [int], gives: intType, run: (value) => toInt(-value) }),
  globalFunction("-_", { takes: [double], gives: doubleType, run: (value) => -value }),
];

export const operators: readonly CelFunction[] = [
  ...arithmetic.flatMap(arithmeticOverloads),
  ...additions,
  ...comparisons.flatMap(comparisonOverloads),
  ...equality,
  ...membership,
  ...unary,
];
