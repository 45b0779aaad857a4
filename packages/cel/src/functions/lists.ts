import {
  A,
  any,
  bool,
  type CelFunction,
  double,
  duration,
  globalFunction,
  int,
  listParameter,
  method,
  text,
  timestamp,
  uint,
} from "../function.ts";
import { boolType, type CelType, doubleType, durationType, intType, uintType } from "../types.ts";
import { type CelFault, type CelList, type CelValue, celEqual, fault, isFault } from "../values.ts";
import { operators } from "./operators.ts";

/** What Kubernetes adds to lists, and CEL's sets extension. */

/** Applies an operator of CEL to two values. */
function apply(operator: string, one: CelValue, other: CelValue): CelValue | CelFault {
  const candidates = operators.filter((each) => each.name === operator);
  for (const candidate of candidates) {
    const value = candidate.run([one, other]);
    if (value !== undefined) return value;
  }
  return fault("no such overload");
}

const ordered = [int, uint, double, bool, duration, timestamp, text].map((each) => each.type);

const orders: readonly CelFunction[] = ordered.flatMap((element) => [
  method("isSorted", {
    takes: [listParameter(element)],
    gives: boolType,
    run: ({ items }) =>
      items.every((item, index) => index === 0 || apply("_<=_", items[index - 1] ?? null, item) === true),
  }),
  method("min", {
    takes: [listParameter(element)],
    gives: element,
    run: (list) => extreme("min", list, (item, best) => apply("_<_", item, best) === true),
  }),
  method("max", {
    takes: [listParameter(element)],
    gives: element,
    run: (list) => extreme("max", list, (item, best) => apply("_>_", item, best) === true),
  }),
]);

function extreme(
  name: string,
  { items }: CelList,
  isBetter: (item: CelValue, best: CelValue) => boolean,
): CelValue | CelFault {
  const [first, ...rest] = items;
  if (first === undefined) return fault(`${name} called on empty list`);
  return rest.reduce((best, item) => (isBetter(item, best) ? item : best), first);
}

const zeros: readonly (readonly [CelType, CelValue])[] = [
  [intType, 0n],
  [uintType, { tag: "uint", bits: 0n }],
  [doubleType, 0],
  [durationType, { tag: "duration", bits: 0n }],
];

const sums: readonly CelFunction[] = zeros.map(([element, zero]) =>
  method("sum", {
    takes: [listParameter(element)],
    gives: element,
    // Which overload runs is not told by an empty list: that is the first one's zero.
    run: ({ items: [first = zero, ...rest] }) => {
      let sum = first;
      for (const item of rest) {
        const next = apply("_+_", sum, item);
        if (isFault(next)) return next;
        sum = next;
      }
      return sum;
    },
  }),
);

const places: readonly CelFunction[] = [
  method("indexOf", {
    takes: [listParameter(A), any(A)],
    gives: intType,
    run: ({ items }, wanted) => BigInt(items.findIndex((item) => celEqual(item, wanted))),
  }),
  method("lastIndexOf", {
    takes: [listParameter(A), any(A)],
    gives: intType,
    run: ({ items }, wanted) => BigInt(items.findLastIndex((item) => celEqual(item, wanted))),
  }),
];

const setFunction = (name: string, run: (one: CelList, other: CelList) => boolean): CelFunction =>
  globalFunction(name, { takes: [listParameter(A), listParameter(A)], gives: boolType, run });

const containsAll = (one: CelList, other: CelList) =>
  other.items.every((item) => one.items.some((each) => celEqual(each, item)));

const sets: readonly CelFunction[] = [
  setFunction("sets.contains", containsAll),
  setFunction("sets.equivalent", (one, other) => containsAll(one, other) && containsAll(other, one)),
  setFunction("sets.intersects", (one, other) =>
    one.items.some((item) => other.items.some((each) => celEqual(each, item))),
  ),
];

export const lists: readonly CelFunction[] = [...orders, ...sums, ...places, ...sets];
