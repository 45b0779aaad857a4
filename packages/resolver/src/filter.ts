/**
 * Filters of requirements: CEL expressions over the attributes of a capability, such as `attributes.region == "eu"`.
 * They are bounded in length and cost before they are evaluated, and know no clock and no other objects.
 */
import { Budget, childrenOf, type Expression, evaluate, parseExpression } from "@lmos/cel";
import { filterCost, mostAttributes } from "./filter-cost.ts";

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
/** Beside a step for each node, looking at texts counts: a tenth for each character, so that none can be made to grow. */
const budget = 100_000;

/** The filter that the text stands for, or undefined where it cannot be read or could cost too much. */
export function parseFilter(text: string): Filter | undefined {
  const expression = text.length > longestFilter ? undefined : readCel(text);
  if (expression === undefined || filterCost(expression) > highestCost) return undefined;
  return {
    mentioned: new Set(mentionedIn(expression)),
    accepts: (attributes) => {
      const entries = Object.entries(attributes);
      if (entries.length > mostAttributes) return false;
      const variables = new Map([["attributes", new Map(entries)]]);
      return evaluate(expression, variables, new Budget(budget)) === true;
    },
  };
}

/** True for the text of a filter that can be evaluated. */
export function isFilter(text: string): boolean {
  return parseFilter(text) !== undefined;
}

function readCel(text: string): Expression | undefined {
  const parsed = parseExpression(text);
  return parsed.kind === "parsed" ? parsed.expression : undefined;
}

function mentionedIn(expression: Expression): readonly string[] {
  return [...nameOf(expression), ...childrenOf(expression).flatMap(mentionedIn)];
}

function nameOf(expression: Expression): readonly string[] {
  if (expression.kind === "select") return isAttributes(expression.operand) ? [expression.field] : [];
  if (expression.kind !== "call" || !["_[_]", "_[?_]"].includes(expression.function)) return [];
  const [map, key] = expression.arguments;
  const name = key?.kind === "constant" ? key.value : undefined;
  return isAttributes(map) && typeof name === "string" ? [name] : [];
}

function isAttributes(expression: Expression | undefined): boolean {
  return expression?.kind === "name" && expression.name === "attributes";
}
