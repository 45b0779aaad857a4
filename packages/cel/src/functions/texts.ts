import {
  A,
  type CelFunction,
  globalFunction,
  int,
  listParameter,
  method,
  type Parameter,
  text,
} from "../function.ts";
import { boolType, dynType, intType, listOf, stringType } from "../types.ts";
import { type CelFault, type CelValue, fault, list } from "../values.ts";
import { formatText } from "./format-text.ts";

/** What texts can do: CEL's own methods and those of its strings extension (version 2). */

const inText = (name: string, run: (value: string, other: string) => CelValue): CelFunction =>
  method(name, { takes: [text, text], gives: boolType, run });

const changed = (name: string, run: (value: string) => string): CelFunction =>
  method(name, { takes: [text], gives: stringType, run });

function lettersIn(value: string, from: bigint, to: bigint | undefined): string | CelFault {
  const letters = [...value];
  const end = to ?? BigInt(letters.length);
  const outside = [from, end].find((index) => index < 0n || index > BigInt(letters.length));
  if (outside !== undefined) return fault(`index out of range: ${outside}`);
  if (from > end) return fault(`invalid substring range. start: ${from}, end: ${end}`);
  return letters.slice(Number(from), Number(end)).join("");
}

/** An empty part is wherever it is looked for; from behind the end nothing is found. */
function positionOf(value: string, part: string, from: bigint): CelValue | CelFault {
  if (part === "") return from;
  if (from < 0n) return fault(`index out of range: ${from}`);
  const [letters, wanted] = [[...value], [...part]];
  for (let at = Number(from); at + wanted.length <= letters.length; at += 1) {
    if (wanted.every((letter, index) => letters[at + index] === letter)) return BigInt(at);
  }
  return -1n;
}

function lastPositionOf(value: string, part: string, from: bigint): CelValue | CelFault {
  if (part === "") return from;
  if (from < 0n) return fault(`index out of range: ${from}`);
  const [letters, wanted] = [[...value], [...part]];
  if (from >= BigInt(letters.length)) return -1n;
  for (let at = Math.min(Number(from), letters.length - wanted.length); at >= 0; at -= 1) {
    if (wanted.every((letter, index) => letters[at + index] === letter)) return BigInt(at);
  }
  return -1n;
}

/** From the end. */
function lastPositionIn(value: string, part: string): CelValue | CelFault {
  const length = BigInt([...value].length);
  if (part === "" || length === 0n) return part === "" ? length : -1n;
  return lastPositionOf(value, part, length - 1n);
}

function replaceSome(value: string, part: string, replacement: string, most: bigint): string {
  // An empty part stands before, between and after all characters.
  const pieces = part === "" ? ["", ...value, ""] : value.split(part);
  const joined = most < 0n ? pieces.length - 1 : Math.min(Number(most), pieces.length - 1);
  return [pieces.slice(0, joined + 1).join(replacement), ...pieces.slice(joined + 1)].join(part);
}

function splitText(value: string, separator: string, most: bigint): CelValue {
  if (most === 0n) return list([]);
  const pieces = separator === "" ? [...value] : value.split(separator);
  if (most < 0n || pieces.length <= Number(most)) return list(pieces);
  const kept = Number(most) - 1;
  return list([...pieces.slice(0, kept), pieces.slice(kept).join(separator)]);
}

const asciiOnly = (value: string, pattern: RegExp, change: (letter: string) => string) =>
  value.replace(pattern, change);

const ownMethods: readonly CelFunction[] = [
  inText("startsWith", (value, start) => value.startsWith(start)),
  inText("endsWith", (value, end) => value.endsWith(end)),
  inText("contains", (value, part) => value.includes(part)),
  changed("lowerAscii", (value) => asciiOnly(value, /[A-Z]/g, (letter) => letter.toLowerCase())),
  changed("upperAscii", (value) => asciiOnly(value, /[a-z]/g, (letter) => letter.toUpperCase())),
  changed("trim", (value) => value.replace(/^\p{White_Space}+|\p{White_Space}+$/gu, "")),
  globalFunction("strings.quote", {
    takes: [text],
    gives: stringType,
    run: (value) => JSON.stringify(value),
  }),
  method("charAt", {
    takes: [text, int],
    gives: stringType,
    run: (value, at) => {
      const letters = [...value];
      if (at < 0n || at > BigInt(letters.length)) return fault(`index out of range: ${at}`);
      return letters[Number(at)] ?? "";
    },
  }),
  method("format", {
    takes: [text, listParameter(dynType)],
    gives: stringType,
    run: (value, { items }) => formatText(value, items),
  }),
];

const positions: readonly CelFunction[] = [
  method("substring", {
    takes: [text, int],
    gives: stringType,
    run: (value, from) => lettersIn(value, from, undefined),
  }),
  method("substring", { takes: [text, int, int], gives: stringType, run: lettersIn }),
  method("indexOf", {
    takes: [text, text],
    gives: intType,
    run: (value, part) => positionOf(value, part, 0n),
  }),
  method("indexOf", { takes: [text, text, int], gives: intType, run: positionOf }),
  method("lastIndexOf", {
    takes: [text, text],
    gives: intType,
    run: lastPositionIn,
  }),
  method("lastIndexOf", { takes: [text, text, int], gives: intType, run: lastPositionOf }),
];

const texts: Parameter<readonly string[]> = {
  type: listOf(stringType),
  read: (value) => {
    const items = listParameter(A).read(value)?.items;
    return items?.every((item) => typeof item === "string") ? items : undefined;
  },
};

const pieces: readonly CelFunction[] = [
  method("replace", {
    takes: [text, text, text],
    gives: stringType,
    run: (value, part, replacement) => replaceSome(value, part, replacement, -1n),
  }),
  method("replace", { takes: [text, text, text, int], gives: stringType, run: replaceSome }),
  method("split", {
    takes: [text, text],
    gives: listOf(stringType),
    run: (value, separator) => splitText(value, separator, -1n),
  }),
  method("split", { takes: [text, text, int], gives: listOf(stringType), run: splitText }),
  method("join", { takes: [texts], gives: stringType, run: (parts) => parts.join("") }),
  method("join", { takes: [texts, text], gives: stringType, run: (parts, between) => parts.join(between) }),
];

export const textFunctions: readonly CelFunction[] = [...ownMethods, ...positions, ...pieces];
