/**
 * What evaluating a filter can cost at most, found from its text alone: each node counts one, and what stands inside a
 * macro counts once for every element that the macro can run over.
 */
import { childrenOf, type Expression } from "@lmos/cel";

/** Attributes of a capability that a filter is evaluated on; one with more fits no filter. */
export const mostAttributes = 100;

/** Upper bound of the nodes that are evaluated; infinite where a macro runs over something of unknown length. */
export function filterCost(expression: Expression): number {
  if (expression.kind !== "fold") return 1 + sum(childrenOf(expression));
  const { range, initial, condition, step, result } = expression;
  const once = sum([range, initial, result]);
  const everyTime = 1 + sum([condition, step]);
  return 1 + once + everyTime * lengthBound(expression.overOptional ? undefined : range);
}

/** How many elements a macro can run over; an optional value has one at most. */
function lengthBound(range: Expression | undefined): number {
  switch (range?.kind) {
    case undefined:
      return 1;
    case "name":
      return range.name === "attributes" ? mostAttributes : Number.POSITIVE_INFINITY;
    case "list":
      return range.elements.length;
    case "map":
      return range.entries.length;
    case "fold":
      return lengthBound(range.range);
    default:
      return Number.POSITIVE_INFINITY;
  }
}

function sum(expressions: readonly Expression[]): number {
  return expressions.reduce((total, each) => total + filterCost(each), 0);
}
