import { runInNewContext } from "node:vm";
import { celEnv, isCelError, parse, plan } from "@bufbuild/cel";
import { type CelFunction, int, method, text } from "../function.ts";
import { boolType, listOf, stringType } from "../types.ts";
import { type CelFault, type CelValue, fault, list } from "../values.ts";

/**
 * Regular expressions. `matches` runs on the RE2 of `@bufbuild/cel`, whose time is linear; that offers no positions,
 * so `find` and `findAll` run on JavaScript's, which backtracks, under a time limit.
 */

const matchInRe2 = plan(celEnv({ variables: {} }), parse("value.matches(pattern)"));
const findLimitMs = 100;

function matches(value: string, pattern: string): boolean | CelFault {
  const result = matchInRe2({ value, pattern });
  return isCelError(result) ? fault(result.message) : result === true;
}

/** All matches, up to a number of them. */
function findAll(value: string, pattern: string, most: bigint): readonly string[] | CelFault {
  const sandbox = { value, pattern, most: most < 0n ? Number.MAX_SAFE_INTEGER : Number(most) };
  const script =
    "JSON.stringify(Array.from(value.matchAll(new RegExp(pattern, 'gu')), ([match]) => match).slice(0, most))";
  try {
    const found: unknown = JSON.parse(String(runInNewContext(script, sandbox, { timeout: findLimitMs })));
    return Array.isArray(found) ? found.map(String) : [];
  } catch (thrown) {
    return fault(`Illegal regex: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
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
