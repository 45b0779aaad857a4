import { type CelFunction, int, method, text } from "../function.ts";
import { compileExpression } from "../regular-expression.ts";
import { boolType, listOf, stringType } from "../types.ts";
import { type CelFault, type CelValue, fault, list } from "../values.ts";

/** `matches`, `find` and `findAll`. */

function matches(value: string, pattern: string): boolean | CelFault {
  const compiled = compileExpression(pattern);
  return compiled.kind === "malformed" ? fault(compiled.reason) : compiled.expression.test(value);
}

/** The matches, up to a number of them; all of them if that is negative. */
function findAll(value: string, pattern: string, most: bigint): readonly string[] | CelFault {
  const compiled = compileExpression(pattern);
  if (compiled.kind === "malformed") return fault(`Illegal regex: ${compiled.reason}`);
  return compiled.expression.matches(value, most < 0n ? Number.POSITIVE_INFINITY : Number(most));
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
