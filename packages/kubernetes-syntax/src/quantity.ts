/** Amounts of resources as Kubernetes writes them (`500m`, `1.5Gi`, `1e3`), counted in billionths. */

/** How many of the counted units make one. */
export const quantityScale = 1_000_000_000n;

const tens: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  "": 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const binary = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

/** The amount in billionths, rounded up; undefined if the text is no quantity. */
export function parseQuantity(value: string): bigint | undefined {
  const match = /^([+-]?)(\d+\.?\d*|\.\d+)(?:([numkMGTPE]|[KMGTPE]i|)|[eE]([+-]?\d{1,3}))$/.exec(value);
  if (match === null) return undefined;
  const [, sign, digits = "", suffix = "", exponent] = match;
  const [whole = "", fraction = ""] = digits.split(".");
  const power = exponent === undefined ? (tens[suffix] ?? 0) : Number(exponent);
  const factor = suffix.endsWith("i") ? 1024n ** BigInt(binary.indexOf(suffix)) : 1n;
  const amount = scaled(BigInt(whole + fraction) * factor, power - fraction.length + 9);
  return sign === "-" ? -amount : amount;
}

function scaled(value: bigint, power: number): bigint {
  if (power >= 0) return value * 10n ** BigInt(power);
  const divisor = 10n ** BigInt(-power);
  return (value + divisor - 1n) / divisor;
}
