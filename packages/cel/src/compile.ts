/** Compiles an expression: parses and checks it, and gives what is needed to run it again and again. */

import type { Budget } from "./budget.ts";
import { check } from "./check.ts";
import { evaluate } from "./evaluate.ts";
import { childrenOf, type Expression } from "./expression.ts";
import { overloadsOf } from "./library.ts";
import { parseExpression } from "./parse.ts";
import type { CelType } from "./types.ts";
import { type CelFault, type CelValue, isFault } from "./values.ts";

/** An expression that is ready to run. */
export interface Program {
  readonly type: CelType;
  /** The variables that it uses. */
  readonly names: ReadonlySet<string>;
  readonly run: (variables: ReadonlyMap<string, CelValue>, budget: Budget) => CelValue | CelFault;
}

/** A program, or why the expression does not compile, as Kubernetes says it. */
export type Compiled =
  | { readonly kind: "compiled"; readonly program: Program }
  | { readonly kind: "faulty"; readonly message: string };

/** Compiles `source`, which may use the variables given with their types. */
export function compile(source: string, variables: ReadonlyMap<string, CelType>): Compiled {
  const parsed = parseExpression(source);
  if (parsed.kind === "unreadable") {
    return { kind: "faulty", message: located(source, parsed.position, parsed.reason) };
  }
  const { expression } = parsed;
  const { type, names, errors } = check(expression, variables);
  const problems = errors.length > 0 ? errors : literalErrors(expression);
  if (problems.length > 0) {
    const message = problems.map((each) => located(source, each.position, each.message)).join("\n");
    return { kind: "faulty", message };
  }
  return {
    kind: "compiled",
    program: { type, names, run: (given, budget) => evaluate(expression, given, budget) },
  };
}

/** `ERROR: <input>:1:5: undefined field 'b'`, with the line and a mark under the place. */
function located(source: string, position: number, message: string): string {
  const before = source.slice(0, position).split("\n");
  const column = [...(before.at(-1) ?? "")].length;
  const line = source.split("\n")[before.length - 1] ?? "";
  return `ERROR: <input>:${before.length}:${column + 1}: ${message}\n | ${line}\n | ${".".repeat(column)}^`;
}

const checkedLiterals: ReadonlySet<string> = new Set(["matches", "duration", "timestamp"]);

/** Patterns, durations and times that are written out must be readable. */
function literalErrors(expression: Expression): readonly { position: number; message: string }[] {
  const inner = childrenOf(expression).flatMap(literalErrors);
  if (expression.kind !== "call" || !checkedLiterals.has(expression.function)) return inner;
  const { function: name, target } = expression;
  const argument = expression.arguments.at(-1);
  if (argument?.kind !== "constant") return inner;
  const given = target === undefined ? [argument.value] : ["", argument.value];
  const results = overloadsOf(name).map((each) => each.run(given));
  if (!results.some((result) => result !== undefined && isFault(result))) return inner;
  return [...inner, { position: argument.position, message: `invalid ${name} argument` }];
}
