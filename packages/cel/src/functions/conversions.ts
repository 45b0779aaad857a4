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
import { doubleIn, doubleText, wholeIn } from "./number-syntax.ts";
import { toInt, toUint } from "./operators.ts";
import { durationText, parseDuration, parseTimestamp, timestampOf, timestampText } from "./time-syntax.ts";

/** Conversions between the basic types, and sizes. */

function converted(to: string, value: CelValue | undefined): CelValue | CelFault {
  return value ?? fault(`type conversion error from 'string' to '${to}'`);
}

/** Without what stands behind the point; the bounds themselves are out of it, as doubles are not exact there. */
function wholeNumber(value: number, fit: (value: bigint) => CelValue | CelFault): CelValue | CelFault {
  return Number.isFinite(value) && value > -(2 ** 63)
    ? fit(BigInt(Math.trunc(value)))
    : fault("integer overflow");
}

function decodeText(value: Uint8Array): string | CelFault {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(value);
  } catch {
    return fault("invalid UTF-8 in bytes, cannot convert to string");
  }
}

/** Whole seconds, rounded down. */
function secondsOf(nanoseconds: bigint): bigint {
  const whole = nanoseconds / 1_000_000_000n;
  return whole * 1_000_000_000n > nanoseconds ? whole - 1n : whole;
}

const truths: Readonly<Record<string, boolean>> = {
  true: true,
  True: true,
  TRUE: true,
  t: true,
  T: true,
  "1": true,
  false: false,
  False: false,
  FALSE: false,
  f: false,
  F: false,
  "0": false,
};

const toNumbers: readonly CelFunction[] = [
  globalFunction("int", { takes: [int], gives: intType, run: (value) => value }),
  globalFunction("int", { takes: [uint], gives: intType, run: ({ bits }) => toInt(bits) }),
  globalFunction("int", { takes: [double], gives: intType, run: (value) => wholeNumber(value, toInt) }),
  globalFunction("int", {
    takes: [text],
    gives: intType,
    run: (value) => {
      const read = wholeIn(value);
      return read === undefined ? converted("int", undefined) : toInt(read);
    },
  }),
  globalFunction("int", { takes: [timestamp], gives: intType, run: ({ bits }) => secondsOf(bits) }),
  globalFunction("int", { takes: [duration], gives: intType, run: ({ bits }) => bits }),
  globalFunction("uint", { takes: [uint], gives: uintType, run: (value) => value }),
  globalFunction("uint", { takes: [int], gives: uintType, run: toUint }),
  globalFunction("uint", {
    takes: [double],
    gives: uintType,
    run: (value) => (value < 0 ? fault("unsigned integer overflow") : wholeNumber(value, toUint)),
  }),
  globalFunction("uint", {
    takes: [text],
    gives: uintType,
    run: (value) => {
      const read = /^\d/.test(value) ? wholeIn(value) : undefined;
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
  globalFunction("string", { takes: [double], gives: stringType, run: doubleText }),
  globalFunction("string", {
    takes: [bytes],
    gives: stringType,
    run: decodeText,
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
    run: (seconds) => timestampOf(seconds * 1_000_000_000n) ?? fault("timestamp overflow"),
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
