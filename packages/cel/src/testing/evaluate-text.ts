/** For tests only: an expression without variables, compiled and run. */
import { Budget } from "../budget.ts";
import { compile } from "../compile.ts";
import type { CelFault, CelValue } from "../values.ts";

/** The value of an expression, or its fault; throws what the compiler says where it does not compile. */
export function evaluateText(source: string, limit = 1_000_000): CelValue | CelFault {
  const compiled = compile(source, new Map());
  if (compiled.kind === "faulty") throw new Error(compiled.message);
  return compiled.program.run(new Map(), new Budget(limit));
}
