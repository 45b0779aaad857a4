import type { CelTagged } from "../values.ts";

/** Points in time and spans as texts, read and written as Go does it, and their bounds. */

const second = 1_000_000_000n;
/** Of the year 1, and of the end of the year 9999. */
const [earliest, latest] = [-62_135_596_800n * second, 253_402_300_800n * second - 1n];

/** A point in time, in nanoseconds since 1970; undefined outside of the years 1 to 9999. */
export function timestampOf(nanoseconds: bigint): CelTagged | undefined {
  const isWithin = nanoseconds >= earliest && nanoseconds <= latest;
  return isWithin ? { tag: "timestamp", bits: nanoseconds } : undefined;
}

/** A span; undefined where its nanoseconds leave 64 bits. */
export function durationOf(nanoseconds: bigint): CelTagged | undefined {
  return BigInt.asIntN(64, nanoseconds) === nanoseconds ? { tag: "duration", bits: nanoseconds } : undefined;
}

/** Date, clock, fraction and zone. Go takes hours of one digit, a comma, and offsets up to 24:60. */
const point =
  /^(\d{4})-(\d\d)-(\d\d)T(\d{1,2}):(\d\d):(\d\d)(?:[.,](\d+))?(?:Z|([-+])([01]\d|2[0-4]):([0-5]\d|60))$/;

/** Reads RFC 3339; undefined if it is something else, or no day of the calendar. */
export function parseTimestamp(value: string): CelTagged | undefined {
  const match = point.exec(value);
  if (match === null) return undefined;
  const [, year, month, day, hours, minutes, seconds, fraction = "", sign, ...offset] = match;
  const days = dayNumber(Number(year), Number(month), Number(day));
  const clock = secondsOf(hours, minutes) + Number(seconds);
  if (days === undefined || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59)
    return undefined;
  const east = secondsOf(...offset) * (sign === "-" ? -1 : 1);
  const whole = BigInt(days * 86_400 + clock - east);
  return timestampOf(whole * second + BigInt(fraction.slice(0, 9).padEnd(9, "0")));
}

function secondsOf(hours = "0", minutes = "0"): number {
  return Number(hours) * 3600 + Number(minutes) * 60;
}

/** Days since 1970; undefined where that month has no such day. */
function dayNumber(year: number, month: number, day: number): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day); // unlike Date.UTC it takes a year below 100 for what it says
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
    ? date.getTime() / 86_400_000
    : undefined;
}

const unitNanoseconds: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  "\u00b5s": 1_000n, // the sign for micro
  "\u03bcs": 1_000n, // the Greek letter
  ms: 1_000_000n,
  s: second,
  m: 60n * second,
  h: 3_600n * second,
};

const amount = "(?:\\d+\\.?\\d*|\\.\\d+)";
const unit = "(?:ns|us|\u00b5s|\u03bcs|ms|s|m|h)";
const span = new RegExp(`^([-+]?)((?:${amount}${unit})+|0)$`);
const part = new RegExp(`(\\d*)\\.?(\\d*)(${unit})`, "g");

/** Reads a duration as Go writes it: `1h30m`, `-1.5s`. What is less than a nanosecond is cut off. */
export function parseDuration(value: string): CelTagged | undefined {
  const [, sign, parts] = span.exec(value) ?? [];
  if (parts === undefined) return undefined;
  let total = 0n;
  for (const [, whole = "", fraction = "", name = ""] of parts.matchAll(part)) {
    const size = unitNanoseconds[name] ?? 0n;
    total += BigInt(whole) * size + (BigInt(fraction) * size) / 10n ** BigInt(fraction.length);
  }
  return durationOf(sign === "-" ? -total : total);
}

/** RFC 3339 in UTC, with as many digits as needed. */
export function timestampText(nanoseconds: bigint): string {
  const rest = ((nanoseconds % second) + second) % second;
  const whole = new Date(Number((nanoseconds - rest) / 1_000_000n)).toISOString().slice(0, 19);
  return rest === 0n ? `${whole}Z` : `${whole}.${String(rest).padStart(9, "0").replace(/0+$/, "")}Z`;
}

/** In seconds, without an exponent: `5400s`, `0.000000001s`. */
export function durationText(nanoseconds: bigint): string {
  const seconds = Number(nanoseconds / second) + Number(nanoseconds % second) / 1e9;
  const text = String(seconds);
  return `${text.includes("e") ? seconds.toFixed(9).replace(/0+$/, "") : text}s`;
}
