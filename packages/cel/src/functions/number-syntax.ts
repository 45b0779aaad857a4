/** Numbers as texts, read and written as Go does it. */

/** An int or a uint; undefined if it is something else. Its size is not looked at. */
export function wholeIn(value: string): bigint | undefined {
  return /^[-+]?\d+$/.test(value) ? BigInt(value.replace("+", "")) : undefined;
}

const decimal = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;
const unbounded = /^([-+]?)inf(?:inity)?$/i;

/** A double; undefined if it is something else, or beyond all doubles. */
export function doubleIn(value: string): number | undefined {
  const sign = unbounded.exec(value)?.[1];
  if (sign !== undefined) return sign === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(value)) return Number.NaN;
  const read = decimal.test(value) ? Number(value) : Number.NaN;
  return Number.isFinite(read) ? read : undefined;
}

/** Like Go's `%g`: with an exponent below 0.0001 and from a million on. */
export function doubleText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const [digits = "", exponent = "0"] = value.toExponential().split("e");
  const power = Number(exponent);
  if (value === 0 || (power >= -4 && power < 6)) return sign + String(Math.abs(value));
  return `${digits}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}
