/** For tests only: what came of an expression, as the recorded evaluations spell it. */
import { Budget } from "../budget.ts";
import { compile } from "../compile.ts";
import { type CelValue, isFault, isList, isMap, isOptional } from "../values.ts";

/** A value as text; `refused` where the expression does not compile, `fault` where it fails when it is run. */
export function outcomeText(source: string): string {
  const compiled = compile(source, new Map());
  if (compiled.kind === "faulty") return "refused";
  const value = compiled.program.run(new Map(), new Budget(1_000_000));
  return isFault(value) ? "fault" : valueText(value);
}

function valueText(value: CelValue): string {
  if (value === null) return "null";
  if (typeof value === "bigint" || typeof value === "boolean") return String(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") return doubleText(value);
  if (value instanceof Uint8Array) return `b${Buffer.from(value).toString("base64")}`;
  if (isList(value)) return `[${value.items.map(valueText).join(", ")}]`;
  if (isMap(value)) return mapText(value);
  if (isOptional(value)) return value.value === undefined ? "none" : `some ${valueText(value.value)}`;
  return taggedText(value);
}

function doubleText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return `${Object.is(value, -0) ? "-" : ""}${value.toExponential()}`;
}

function mapText(value: Extract<CelValue, ReadonlyMap<unknown, unknown>>): string {
  const entries = [...value].map(([key, member]) => `${valueText(key)}: ${valueText(member)}`);
  return `{${entries.sort((a, b) => (a < b ? -1 : 1)).join(", ")}}`;
}

function taggedText(value: Extract<CelValue, { readonly tag: string; readonly bits: unknown }>): string {
  switch (value.tag) {
    case "uint":
      return `${value.bits}u`;
    case "duration":
      return `duration ${value.bits}`;
    case "timestamp":
      return `timestamp ${secondsText(value.bits)}`;
    case "type":
      return `type ${value.bits}`;
    default:
      return value.tag;
  }
}

/** Whole seconds, rounded down, and the nanoseconds above them. */
function secondsText(nanoseconds: bigint): string {
  const above = ((nanoseconds % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  return `${(nanoseconds - above) / 1_000_000_000n}.${String(above).padStart(9, "0")}`;
}
