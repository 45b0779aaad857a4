import { type CelFault, type CelValue, fault, isFault, isList, isMap, numberOf } from "../values.ts";
import { durationText, timestampText } from "./time-syntax.ts";

/** `'%d of %s'.format([…])`. */
export function formatText(pattern: string, given: readonly CelValue[]): string | CelFault {
  let next = 0;
  let problem: CelFault | undefined;
  const formatted = pattern.replace(/%(?:(%)|(?:\.(\d+))?(.?))/gs, (_whole, percent, precision, clause) => {
    if (percent !== undefined) return "%";
    const value = given[next];
    next += 1;
    const piece =
      value === undefined
        ? fault(`index ${next - 1} out of range`)
        : formatOne(value, clause, precision === undefined ? undefined : Number(precision));
    if (typeof piece === "string") return piece;
    problem ??= piece;
    return "";
  });
  return problem ?? formatted;
}

function formatOne(value: CelValue, clause: string, precision: number | undefined): string | CelFault {
  const number = numberOf(value);
  switch (clause) {
    case "s":
      return plainText(value);
    case "d":
      return typeof number === "bigint" ? String(number) : wrongKind("decimal clause", "integers");
    case "f":
      return number === undefined
        ? wrongKind("fixed-point clause", "doubles")
        : Number(number).toFixed(Math.min(precision ?? 6, 100));
    case "e":
      return number === undefined
        ? wrongKind("scientific clause", "doubles")
        : exponential(Number(number), precision ?? 6);
    case "b":
    case "o":
    case "x":
    case "X":
      return inBase(value, clause);
    default:
      return fault(`could not parse formatting clause: unrecognized formatting clause "${clause}"`);
  }
}

function wrongKind(clause: string, kinds: string): CelFault {
  return fault(`error during formatting: ${clause} can only be used on ${kinds}`);
}

function exponential(number: number, precision: number): string {
  return number.toExponential(Math.min(precision, 100)).replace(/([-+])(\d)$/, "$10$2");
}

function inBase(value: CelValue, clause: "b" | "o" | "x" | "X"): string | CelFault {
  if (typeof value === "boolean" && clause === "b") return value ? "1" : "0";
  const number = numberOf(value);
  const isHexadecimal = clause === "x" || clause === "X";
  const bytes = typeof value === "string" || value instanceof Uint8Array ? Buffer.from(value) : undefined;
  if (isHexadecimal && bytes !== undefined) return withCase(bytes.toString("hex"), clause);
  if (typeof number !== "bigint") return wrongKind(`${clause} clause`, "integers");
  return withCase(number.toString({ b: 2, o: 8, x: 16, X: 16 }[clause]), clause);
}

function withCase(digits: string, clause: string): string {
  return clause === "X" ? digits.toUpperCase() : digits;
}

function plainText(value: CelValue): string | CelFault {
  if (value === null) return "null";
  if (isList(value)) return joined(value.items.map(plainText), "[", "]");
  if (isMap(value)) {
    const entries = [...value].map(([key, member]) => {
      const shown = plainText(member);
      return typeof shown === "string" ? `${String(key)}: ${shown}` : shown;
    });
    return joined(entries.sort(), "{", "}");
  }
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (typeof value !== "object") return String(value);
  switch (value.tag) {
    case "timestamp":
      return timestampText(value.bits);
    case "duration":
      return durationText(value.bits);
    case "uint":
    case "type":
      return String(value.bits);
    default:
      return wrongKind("string clause", "strings, bools, bytes, ints, doubles, maps, lists, types");
  }
}

function joined(parts: readonly (string | CelFault)[], open: string, close: string): string | CelFault {
  const wrong = parts.find((part) => typeof part !== "string" && isFault(part));
  return wrong ?? `${open}${parts.join(", ")}${close}`;
}
