import { RE2JS } from "re2js";
import { type CelFunction, int, method, text } from "../function.ts";
import { boolType, listOf, stringType } from "../types.ts";
import { type CelFault, type CelValue, fault, list } from "../values.ts";

/** Regular expressions, in the syntax of RE2, whose time grows with the text only. */

/** A compiled pattern, or why it is none. */
function compiled(pattern: string): RE2JS | CelFault {
  try {
    return RE2JS.compile(pattern);
  } catch (thrown) {
    return fault(thrown instanceof Error ? thrown.message : String(thrown)); // its way to say what is malformed
  }
}

function matches(value: string, pattern: string): boolean | CelFault {
  const found = compiled(pattern);
  return "tag" in found ? found : found.test(value);
}

/** The matches from left to right, up to a number of them; all of them if that is negative. */
function findAll(value: string, pattern: string, most: bigint): readonly string[] | CelFault {
  const found = compiled(pattern);
  if ("tag" in found) return fault(`Illegal regex: ${found.message}`);
  const matcher = found.matcher(value);
  const texts: string[] = [];
  while ((most < 0n || BigInt(texts.length) < most) && matcher.find()) texts.push(matcher.group() ?? "");
  return texts;
}

function findFirst(value: string, pattern: string): CelValue | CelFault {
  const found = findAll(value, pattern, 1n);
  return "tag" in found ? found : (found[0] ?? "");
}

function findMost(value: string, pattern: string, most: bigint): CelValue | CelFault {
  const found = findAll(value, pattern, most);
  return "tag" in found ? found : list(found);
}

export const regularExpressions: readonly CelFunction[] = [
  method("matches", { takes: [text, text], gives: boolType, run: matches }),
  method("find", { takes: [text, text], gives: stringType, run: findFirst }),
  method("findAll", {
    takes: [text, text],
    gives: listOf(stringType),
    run: (value, pattern) => findMost(value, pattern, -1n),
  }),
  method("findAll", { takes: [text, text, int], gives: listOf(stringType), run: findMost }),
];
