import {
  A,
  any,
  B,
  bool,
  bytes,
  type CelFunction,
  double,
  duration,
  dynFunction,
  globalFunction,
  int,
  listParameter,
  mapParameter,
  method,
  text,
  timestamp,
  typeFunction,
  uint,
} from "../function.ts";
import {
  boolType,
  bytesType,
  doubleType,
  durationType,
  intType,
  stringType,
  timestampType,
  uintType,
} from "../types.ts";
import { type CelFault, type CelValue, fault } from "../values.ts";
import { toInt, toUint } from "./operators.ts";
import { durationText, parseDuration, parseTimestamp, timestampText } from "./times.ts";

/** Conversions between the basic types, and sizes. */

function converted(to: string, value: CelValue | undefined): CelValue | CelFault {
  return value ?? fault(`type conversion error from 'string' to '${to}'`);
}

function wholeNumber(value: number, fit: (value: bigint) => CelValue | CelFault): CelValue | CelFault {
  return Number.isFinite(value) ? fit(BigInt(Math.trunc(value))) : fault("integer overflow");
}

function integerIn(value: string): bigint | undefined {
  return /^[-+]?\d{1,19}$/.test(value) ? BigInt(value.replace("+", "")) : undefined;
}

function doubleIn(value: string): number | undefined {
  return value.trim() === value && value !== "" && !Number.isNaN(Number(value)) ? Number(value) : undefined;
}

const truths: Readonly<Record<string, boolean>> = {
  true: true,
  True: true,
  TRUE: true,
  t: true,
  "1": true,
  false: false,
  False: false,
  FALSE: false,
  f: false,
  "0": false,
};

const toNumbers: readonly CelFunction[] = [
  globalFunction("int", { takes: [int], gives: intType, run: (value) => value }),
  globalFunction("int", { takes: [uint], gives: intType, run: ({ bits }) => toInt(bits) }),
  globalFunction("int", { takes: [double], gives: intType, run: (value) => wholeNumber(value, toInt) }),
  globalFunction("int", {
    takes: [text],
    gives: intType,
    run: (value) => converted("int", integerIn(value)),
  }),
  globalFunction("int", { takes: [timestamp], gives: intType, run: ({ bits }) => bits / 1_000_000_000n }),
  globalFunction("uint", { takes: [uint], gives: uintType, run: (value) => value }),
  globalFunction("uint", { takes: [int], gives: uintType, run: toUint }),
  globalFunction("uint", { takes: [double], gives: uintType, run: (value) => wholeNumber(value, toUint) }),
  globalFunction("uint", {
    takes: [text],
    gives: uintType,
    run: (value) => {
      const read = integerIn(value);
      return read === undefined ? converted("uint", undefined) : toUint(read);
    },
  }),
  globalFunction("double", { takes: [double], gives: doubleType, run: (value) => value }),
  globalFunction("double", { takes: [int], gives: doubleType, run: Number }),
  globalFunction("double", { takes: [uint], gives: doubleType, run: ({ bits }) => Number(bits) }),
  globalFunction("double", {
    takes: [text],
    gives: doubleType,
    run: (value) => converted("double", doubleIn(value)),
  }),
];

const toTexts: readonly CelFunction[] = [
  globalFunction("string", { takes: [text], gives: stringType, run: (value) => value }),
  globalFunction("string", { takes: [bool], gives: stringType, run: String }),
  globalFunction("string", { takes: [int], gives: stringType, run: String }),
  globalFunction("string", { takes: [uint], gives: stringType, run: ({ bits }) => String(bits) }),
  globalFunction("string", { takes: [double], gives: stringType, run: String }),
  globalFunction("string", {
    takes: [bytes],
    gives: stringType,
    run: (value) => new TextDecoder().decode(value),
  }),
  globalFunction("string", { takes: [timestamp], gives: stringType, run: ({ bits }) => timestampText(bits) }),
  globalFunction("string", { takes: [duration], gives: stringType, run: ({ bits }) => durationText(bits) }),
];

const toOthers: readonly CelFunction[] = [
  globalFunction("bool", { takes: [bool], gives: boolType, run: (value) => value }),
  globalFunction("bool", {
    takes: [text],
    gives: boolType,
    run: (value) => converted("bool", truths[value]),
  }),
  globalFunction("bytes", { takes: [bytes], gives: bytesType, run: (value) => value }),
  globalFunction("bytes", { takes: [text], gives: bytesType, run: (value) => Buffer.from(value) }),
  globalFunction("timestamp", { takes: [timestamp], gives: timestampType, run: (value) => value }),
  globalFunction("timestamp", {
    takes: [int],
    gives: timestampType,
    run: (seconds) => ({ tag: "timestamp", bits: seconds * 1_000_000_000n }),
  }),
  globalFunction("timestamp", {
    takes: [text],
    gives: timestampType,
    run: (value) => converted("timestamp", parseTimestamp(value)),
  }),
  globalFunction("duration", { takes: [duration], gives: durationType, run: (value) => value }),
  globalFunction("duration", {
    takes: [text],
    gives: durationType,
    run: (value) => converted("duration", parseDuration(value)),
  }),
  typeFunction,
  dynFunction,
];

/** Characters, not UTF-16 units. */
function textSize(value: string): bigint {
  return BigInt([...value].length);
}

const sizes: readonly CelFunction[] = [globalFunction, method].flatMap((declare) => [
  declare("size", { takes: [text], gives: intType, run: textSize }),
  declare("size", { takes: [bytes], gives: intType, run: (value) => BigInt(value.length) }),
  declare("size", { takes: [listParameter(A)], gives: intType, run: ({ items }) => BigInt(items.length) }),
  declare("size", { takes: [mapParameter(A, B)], gives: intType, run: (map) => BigInt(map.size) }),
]);

/** `@not_strictly_false` keeps a loop going over faults; it never sees one itself. */
const loopCondition = globalFunction("@not_strictly_false", {
  takes: [any(boolType)],
  gives: boolType,
  run: (value) => value !== false,
});

export const conversions: readonly CelFunction[] = [
  ...toNumbers,
  ...toTexts,
  ...toOthers,
  ...sizes,
  loopCondition,
];
