/**
 * Filters of requirements: CEL expressions over the attributes of a capability, such as `attributes.region == "eu"`.
 * They are bounded in length and cost before they are evaluated, and know no clock and no other objects.
 */
import { celEnv, parse, plan } from "@bufbuild/cel";
import { type CelExpression, childrenOf, filterCost, mostAttributes } from "./filter-cost.ts";

/** What a filter is evaluated on. */
export type Attributes = Readonly<Record<string, string>>;

/** A filter that can be evaluated. */
export interface Filter {
  /** The attributes that it names, as `attributes.region` or `attributes["region"]`. */
  readonly mentioned: ReadonlySet<string>;
  /** True only where the expression is true: an attribute that is missing or cannot be converted does not fit. */
  accepts(attributes: Attributes): boolean;
}

const longestFilter = 1024;
const highestCost = 10_000;

/** The filter that the text stands for, or undefined where it cannot be read or could cost too much. */
export function parseFilter(text: string): Filter | undefined {
  const expression = text.length > longestFilter ? undefined : readCel(text);
  if (expression === undefined || filterCost(expression) > highestCost) return undefined;
  const evaluate = plan(celEnv(), expression);
  return {
    mentioned: new Set(mentionedIn(expression)),
    accepts: (attributes) => {
      const entries = Object.entries(attributes);
      return entries.length <= mostAttributes && evaluate({ attributes: new Map(entries) }) === true;
    },
  };
}

/** True for the text of a filter that can be evaluated. */
export function isFilter(text: string): boolean {
  return parseFilter(text) !== undefined;
}

function readCel(text: string): CelExpression | undefined {
  try {
    return parse(text).expr;
  } catch {
    return undefined; // a thrown error is how the parser says that it is not an expression
  }
}

function mentionedIn(expression: CelExpression): readonly string[] {
  return [...nameOf(expression), ...childrenOf(expression).flatMap(mentionedIn)];
}

function nameOf({ exprKind }: CelExpression): readonly string[] {
  if (exprKind.case === "selectExpr") {
    return isAttributes(exprKind.value.operand) ? [exprKind.value.field] : [];
  }
  if (exprKind.case !== "callExpr" || exprKind.value.function !== "_[_]") return [];
  const [map, key] = exprKind.value.args;
  const constant = key?.exprKind.case === "constExpr" ? key.exprKind.value.constantKind : undefined;
  return isAttributes(map) && constant?.case === "stringValue" ? [constant.value] : [];
}

function isAttributes(expression: CelExpression | undefined): boolean {
  return expression?.exprKind.case === "identExpr" && expression.exprKind.value.name === "attributes";
}
