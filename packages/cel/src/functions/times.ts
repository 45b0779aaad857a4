import { type CelFunction, duration, method, text, timestamp } from "../function.ts";
import { intType } from "../types.ts";
import type { CelTagged } from "../values.ts";

/** Points in time and spans, both counted in nanoseconds, and their parts. */

const second = 1_000_000_000n;
const unitNanoseconds: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

/** Reads RFC 3339; undefined if it is something else. */
export function parseTimestamp(value: string): CelTagged | undefined {
  const match = /^(\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[-+]\d\d:\d\d)$/.exec(value);
  const ms = match === null ? Number.NaN : Date.parse(`${match[1]}${match[3]}`);
  if (Number.isNaN(ms)) return undefined;
  const fraction = BigInt((match?.[2] ?? "").padEnd(9, "0"));
  return { tag: "timestamp", bits: BigInt(ms) * 1_000_000n + fraction };
}

/** Reads a duration as Go writes it: `1h30m`, `-1.5s`. */
export function parseDuration(value: string): CelTagged | undefined {
  const [, sign, parts = ""] = /^([-+]?)((?:\d+(?:\.\d*)?(?:ns|us|µs|ms|s|m|h))+)$/.exec(value) ?? [];
  if (value === "0") return { tag: "duration", bits: 0n };
  if (parts === "") return undefined;
  const total = [...parts.matchAll(/(\d+(?:\.\d*)?)([a-zµ]+)/g)].reduce(
    (sum, [, amount, unit = ""]) => sum + BigInt(Math.round(Number(amount) * (unitNanoseconds[unit] ?? 0))),
    0n,
  );
  return { tag: "duration", bits: sign === "-" ? -total : total };
}

/** RFC 3339 in UTC, with as many digits as needed. */
export function timestampText(nanoseconds: bigint): string {
  const rest = modulo(nanoseconds, second);
  const whole = new Date(Number((nanoseconds - rest) / 1_000_000n)).toISOString().slice(0, 19);
  return rest === 0n ? `${whole}Z` : `${whole}.${String(rest).padStart(9, "0").replace(/0+$/, "")}Z`;
}

/** In seconds: `5400s`. */
export function durationText(nanoseconds: bigint): string {
  return `${Number(nanoseconds) / 1e9}s`;
}

function modulo(value: bigint, by: bigint): bigint {
  return ((value % by) + by) % by;
}

const dateParts: Readonly<Record<string, (date: Date) => number>> = {
  getFullYear: (date) => date.getUTCFullYear(),
  getMonth: (date) => date.getUTCMonth(),
  getDate: (date) => date.getUTCDate(),
  getDayOfMonth: (date) => date.getUTCDate() - 1,
  getDayOfWeek: (date) => date.getUTCDay(),
  getDayOfYear: (date) => (dayStart(date) - Date.UTC(date.getUTCFullYear(), 0)) / 86_400_000,
  getHours: (date) => date.getUTCHours(),
  getMinutes: (date) => date.getUTCMinutes(),
  getSeconds: (date) => date.getUTCSeconds(),
  getMilliseconds: (date) => date.getUTCMilliseconds(),
};

function dayStart(date: Date): number {
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate());
}

/** The offset of a fixed zone (`+02:00`, `UTC`) in nanoseconds; other zones count as UTC. */
function offsetOf(zone: string): bigint {
  const [, sign, hours = "0", minutes = "0"] = /^([-+]?)(\d\d):(\d\d)$/.exec(zone) ?? [];
  const seconds = BigInt(hours) * 3600n + BigInt(minutes) * 60n;
  return (sign === "-" ? -seconds : seconds) * second;
}

const partsOfTimestamps: readonly CelFunction[] = Object.entries(dateParts).flatMap(([name, part]) => {
  const at = (bits: bigint) => BigInt(part(new Date(Number(bits / 1_000_000n))));
  return [
    method(name, { takes: [timestamp], gives: intType, run: ({ bits }) => at(bits) }),
    method(name, {
      takes: [timestamp, text],
      gives: intType,
      run: ({ bits }, zone) => at(bits + offsetOf(zone)),
    }),
  ];
});

const durationParts: Readonly<Record<string, bigint>> = {
  getHours: 3600n * second,
  getMinutes: 60n * second,
  getSeconds: second,
  getMilliseconds: 1_000_000n,
};

const partsOfDurations: readonly CelFunction[] = Object.entries(durationParts).map(([name, unit]) =>
  method(name, {
    takes: [duration],
    gives: intType,
    run: ({ bits }) => (name === "getMilliseconds" ? (bits / unit) % 1000n : bits / unit),
  }),
);

export const times: readonly CelFunction[] = [...partsOfTimestamps, ...partsOfDurations];
