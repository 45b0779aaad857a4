import { parseQuantity, quantityScale } from "@lmos/kubernetes-syntax";
import { type CelFunction, globalFunction, int, method, quantity, text } from "../function.ts";
import { boolType, doubleType, intType } from "../types.ts";
import { type CelTagged, fault } from "../values.ts";

/** `quantity('1.5Gi')`: amounts of resources. */

type Quantity = Extract<CelTagged, { tag: "kubernetes.Quantity" }>;

const wrongPattern = fault(
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
);

const quantityOf = (bits: bigint): Quantity => ({ tag: "kubernetes.Quantity", bits });
const isWhole = ({ bits }: Quantity) =>
  bits % quantityScale === 0n && BigInt.asIntN(64, bits / quantityScale) === bits / quantityScale;
const inWholes = (value: bigint) => value * quantityScale;

const comparisons: readonly CelFunction[] = [
  method("isGreaterThan", {
    takes: [quantity, quantity],
    gives: boolType,
    run: (one, other) => one.bits > other.bits,
  }),
  method("isLessThan", {
    takes: [quantity, quantity],
    gives: boolType,
    run: (one, other) => one.bits < other.bits,
  }),
  method("compareTo", {
    takes: [quantity, quantity],
    gives: intType,
    run: (one, other) => signOf(one.bits - other.bits),
  }),
];

function signOf(value: bigint): bigint {
  if (value === 0n) return 0n;
  return value > 0n ? 1n : -1n;
}

const sums: readonly CelFunction[] = [
  method("add", {
    takes: [quantity, quantity],
    gives: quantity.type,
    run: (one, other) => quantityOf(one.bits + other.bits),
  }),
  method("add", {
    takes: [quantity, int],
    gives: quantity.type,
    run: (one, other) => quantityOf(one.bits + inWholes(other)),
  }),
  method("sub", {
    takes: [quantity, quantity],
    gives: quantity.type,
    run: (one, other) => quantityOf(one.bits - other.bits),
  }),
  method("sub", {
    takes: [quantity, int],
    gives: quantity.type,
    run: (one, other) => quantityOf(one.bits - inWholes(other)),
  }),
];

export const quantities: readonly CelFunction[] = [
  globalFunction("quantity", {
    takes: [text],
    gives: quantity.type,
    run: (value) => {
      const read = parseQuantity(value);
      return read === undefined ? wrongPattern : quantityOf(read);
    },
  }),
  globalFunction("isQuantity", {
    takes: [text],
    gives: boolType,
    run: (value) => parseQuantity(value) !== undefined,
  }),
  globalFunction("sign", { takes: [quantity], gives: intType, run: ({ bits }) => signOf(bits) }),
  method("isInteger", { takes: [quantity], gives: boolType, run: isWhole }),
  method("asInteger", {
    takes: [quantity],
    gives: intType,
    run: (value) => (isWhole(value) ? value.bits / quantityScale : fault("cannot convert value to integer")),
  }),
  method("asApproximateFloat", {
    takes: [quantity],
    gives: doubleType,
    run: ({ bits }) => Number(bits) / Number(quantityScale),
  }),
  ...comparisons,
  ...sums,
];
