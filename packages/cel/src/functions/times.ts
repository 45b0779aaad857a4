import { type CelFunction, duration, method, text, timestamp } from "../function.ts";
import { intType } from "../types.ts";
import { type CelFault, type CelValue, fault } from "../values.ts";

/** Parts of points in time and of spans, both counted in nanoseconds. */

const second = 1_000_000_000n;

const dateParts: Readonly<Record<string, (date: Date) => number>> = {
  getFullYear: (date) => date.getUTCFullYear(),
  getMonth: (date) => date.getUTCMonth(),
  getDate: (date) => date.getUTCDate(),
  getDayOfMonth: (date) => date.getUTCDate() - 1,
  getDayOfWeek: (date) => date.getUTCDay(),
  getDayOfYear: dayOfYear,
  getHours: (date) => date.getUTCHours(),
  getMinutes: (date) => date.getUTCMinutes(),
  getSeconds: (date) => date.getUTCSeconds(),
  getMilliseconds: (date) => date.getUTCMilliseconds(),
};

function dayOfYear(date: Date): number {
  const newYear = new Date(date);
  newYear.setUTCMonth(0, 1);
  return Math.round((date.getTime() - newYear.getTime()) / 86_400_000);
}

/** Milliseconds, rounded down. */
function millisecondsOf(nanoseconds: bigint): number {
  return Number((nanoseconds - (((nanoseconds % 1_000_000n) + 1_000_000n) % 1_000_000n)) / 1_000_000n);
}

/** A date whose parts in UTC are those of the zone (`+02:00`, `UTC`, `Europe/Berlin`) at that time. */
function dateIn(zone: string, ms: number): Date | CelFault {
  if (zone === "" || zone === "UTC") return new Date(ms);
  const [, sign, hours, minutes] = /^([-+]?)(\d+):(\d+)$/.exec(zone) ?? [];
  if (hours !== undefined) {
    const offset = Number(hours) * 60 + Number(minutes);
    return new Date(ms + (sign === "-" ? -offset : offset) * 60_000);
  }
  return /^[A-Z]\w+/.test(zone) ? dateInNamed(zone, ms) : unknownZone(zone);
}

function dateInNamed(timeZone: string, ms: number): Date | CelFault {
  try {
    const format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
    const name = format.formatToParts(ms).find(({ type }) => type === "timeZoneName")?.value ?? "";
    return dateIn(name.replace(/^GMT/, ""), ms);
  } catch {
    return unknownZone(timeZone);
  }
}

function unknownZone(zone: string): CelFault {
  return fault(`unknown time zone ${zone}`);
}

const partsOfTimestamps: readonly CelFunction[] = Object.entries(dateParts).flatMap(([name, part]) => [
  method(name, {
    takes: [timestamp],
    gives: intType,
    run: ({ bits }) => BigInt(part(new Date(millisecondsOf(bits)))),
  }),
  method(name, {
    takes: [timestamp, text],
    gives: intType,
    run: ({ bits }, zone): CelValue | CelFault => {
      const date = dateIn(zone, millisecondsOf(bits));
      return date instanceof Date ? BigInt(part(date)) : date;
    },
  }),
]);

const durationParts: Readonly<Record<string, bigint>> = {
  getHours: 3600n * second,
  getMinutes: 60n * second,
  getSeconds: second,
  getMilliseconds: 1_000_000n,
};

/** Each is the whole span in that unit. */
const partsOfDurations: readonly CelFunction[] = Object.entries(durationParts).map(([name, unit]) =>
  method(name, { takes: [duration], gives: intType, run: ({ bits }) => bits / unit }),
);

export const times: readonly CelFunction[] = [...partsOfTimestamps, ...partsOfDurations];
