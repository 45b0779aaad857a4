/**
 * What evaluating a filter can cost at most, found from its text alone: each node counts one, and what stands inside a
 * macro counts once for every element that the macro can run over.
 */
import type { parse } from "@bufbuild/cel";

/** A node of a parsed CEL expression. */
export type CelExpression = ReturnType<typeof parse>["expr"];

/** Attributes of a capability that a filter is evaluated on; one with more fits no filter. */
export const mostAttributes = 100;

/** Upper bound of the nodes that are evaluated; infinite where a macro runs over something of unknown length. */
export function filterCost(expression: CelExpression): number {
  const { exprKind } = expression;
  if (exprKind.case !== "comprehensionExpr") return 1 + sum(childrenOf(expression));
  const { iterRange, accuInit, loopCondition, loopStep, result } = exprKind.value;
  const once = sum(present([iterRange, accuInit, result]));
  const everyTime = 1 + sum(present([loopCondition, loopStep]));
  return 1 + once + everyTime * lengthBound(iterRange);
}

/** The parts of an expression, macros included. */
export function childrenOf({ exprKind }: CelExpression): readonly CelExpression[] {
  switch (exprKind.case) {
    case "selectExpr":
      return present([exprKind.value.operand]);
    case "callExpr":
      return present([exprKind.value.target, ...exprKind.value.args]);
    case "listExpr":
      return exprKind.value.elements;
    case "structExpr":
      return exprKind.value.entries.flatMap(({ keyKind, value }) =>
        present([keyKind.case === "mapKey" ? keyKind.value : undefined, value]),
      );
    case "comprehensionExpr": {
      const { iterRange, accuInit, loopCondition, loopStep, result } = exprKind.value;
      return present([iterRange, accuInit, loopCondition, loopStep, result]);
    }
    default:
      return [];
  }
}

function lengthBound(range: CelExpression | undefined): number {
  switch (range?.exprKind.case) {
    case "identExpr":
      return range.exprKind.value.name === "attributes" ? mostAttributes : Number.POSITIVE_INFINITY;
    case "listExpr":
      return range.exprKind.value.elements.length;
    case "structExpr":
      return range.exprKind.value.entries.length;
    case "comprehensionExpr":
      return lengthBound(range.exprKind.value.iterRange);
    default:
      return Number.POSITIVE_INFINITY;
  }
}

function sum(expressions: readonly CelExpression[]): number {
  return expressions.reduce((total, each) => total + filterCost(each), 0);
}

function present(expressions: readonly (CelExpression | undefined)[]): readonly CelExpression[] {
  return expressions.filter((each) => each !== undefined);
}
