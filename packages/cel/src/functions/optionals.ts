import { keyOf } from "../expression.ts";
import {
  A,
  any,
  B,
  type CelFunction,
  globalFunction,
  listParameter,
  mapParameter,
  method,
  optionalParameter,
  type Parameter,
} from "../function.ts";
import { boolType, optionalOf } from "../types.ts";
import {
  type CelMap,
  type CelOptional,
  type CelValue,
  fault,
  isList,
  isMap,
  isOptional,
  none,
  numberOf,
  some,
} from "../values.ts";
import { position } from "./operators.ts";

/** Values that may be absent. */

function atKey(map: CelMap, key: CelValue): CelOptional {
  const known = keyOf(key);
  const value = known === undefined ? undefined : map.get(known);
  return value === undefined ? none : some(value);
}

function atIndex(items: readonly CelValue[], index: bigint): CelOptional {
  const value = index < 0n ? undefined : items[Number(index)];
  return value === undefined ? none : some(value);
}

/** The value that a variable of the type has before anything is put into it. */
function isZero(value: CelValue): boolean {
  if (value === null || value === false || value === "") return true;
  const amount = numberOf(value);
  if (amount !== undefined) return Number(amount) === 0;
  if (value instanceof Uint8Array) return value.length === 0;
  if (isMap(value)) return value.size === 0;
  if (isList(value)) return value.items.length === 0;
  return typeof value === "object" && value.tag === "duration" && value.bits === 0n;
}

const choices: readonly CelFunction[] = [
  globalFunction("optional.none", { takes: [], gives: optionalOf(A), run: () => none }),
  globalFunction("optional.of", { takes: [any(A)], gives: optionalOf(A), run: some }),
  globalFunction("optional.ofNonZeroValue", {
    takes: [any(A)],
    gives: optionalOf(A),
    run: (value) => (isZero(value) ? none : some(value)),
  }),
  method("hasValue", {
    takes: [optionalParameter(A)],
    gives: boolType,
    run: ({ value }) => value !== undefined,
  }),
  method("value", {
    takes: [optionalParameter(A)],
    gives: A,
    run: ({ value }) => (value === undefined ? fault("optional.none() dereference") : value),
  }),
  method("or", {
    takes: [optionalParameter(A), optionalParameter(A)],
    gives: optionalOf(A),
    run: (one, other) => (one.value === undefined ? other : one),
  }),
  method("orValue", {
    takes: [optionalParameter(A), any(A)],
    gives: A,
    run: ({ value }, other) => (value === undefined ? other : value),
  }),
];

/** An optional value that is empty or holds what the other parameter takes. */
function optionally<T>({ type, read }: Parameter<T>): Parameter<{ readonly value: T | undefined }> {
  return {
    type: optionalOf(type),
    read: (given) => {
      if (!isOptional(given)) return undefined;
      const value = given.value === undefined ? undefined : read(given.value);
      return given.value !== undefined && value === undefined ? undefined : { value };
    },
  };
}

const ofLists: readonly CelFunction[] = ["_[?_]", "_[_]"].map((name) =>
  globalFunction(name, {
    takes: [optionally(listParameter(A)), position],
    gives: optionalOf(A),
    run: ({ value }, index) => (value === undefined ? none : atIndex(value.items, index)),
  }),
);

const ofMaps: readonly CelFunction[] = ["_[?_]", "_[_]"].map((name) =>
  globalFunction(name, {
    takes: [optionally(mapParameter(A, B)), any(A)],
    gives: optionalOf(B),
    run: ({ value }, key) => (value === undefined ? none : atKey(value, key)),
  }),
);

const ends: readonly CelFunction[] = (["first", "last"] as const).map((name) =>
  method(name, {
    takes: [listParameter(A)],
    gives: optionalOf(A),
    run: ({ items }) => {
      const item = items.at(name === "first" ? 0 : -1);
      return item === undefined ? none : some(item);
    },
  }),
);

const indexes: readonly CelFunction[] = [
  globalFunction("_[?_]", {
    takes: [listParameter(A), position],
    gives: optionalOf(A),
    run: ({ items }, index) => atIndex(items, index),
  }),
  globalFunction("_[?_]", { takes: [mapParameter(A, B), any(A)], gives: optionalOf(B), run: atKey }),
  ...ofLists,
  ...ofMaps,
  ...ends,
];

export const optionals: readonly CelFunction[] = [...choices, ...indexes];
