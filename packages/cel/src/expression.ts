import type { CelKey, CelValue } from "./values.ts";

/** The abstract syntax of CEL, with macros expanded into folds. Positions are offsets in the source. */
export type Expression =
  | { readonly kind: "constant"; readonly position: number; readonly value: CelValue }
  | { readonly kind: "name"; readonly position: number; readonly name: string }
  | Select
  | Call
  | { readonly kind: "list"; readonly position: number; readonly elements: readonly Expression[] }
  | {
      readonly kind: "map";
      readonly position: number;
      readonly entries: readonly (readonly [Expression, Expression])[];
    }
  | Fold;

/** `operand.field`, `has(operand.field)`, `operand.?field`. */
export interface Select {
  readonly kind: "select";
  readonly position: number;
  readonly operand: Expression;
  readonly field: string;
  readonly form: "value" | "test" | "optional";
}

/** `function(arguments)`, `target.function(arguments)`, or an operator under CEL's name for it: `_+_`. */
export interface Call {
  readonly kind: "call";
  readonly position: number;
  readonly function: string;
  readonly target: Expression | undefined;
  readonly arguments: readonly Expression[];
}

/** A macro such as `all`: goes over a range, building up a result. */
export interface Fold {
  readonly kind: "fold";
  readonly position: number;
  readonly range: Expression;
  /** The item (the key, of a map); with two, index or key and then the item. */
  readonly variables: readonly string[];
  /** The name of what is built up. */
  readonly accumulator: string;
  readonly initial: Expression;
  readonly condition: Expression;
  readonly step: Expression;
  readonly result: Expression;
  /** Made of `optMap`: the range is an optional value. */
  readonly overOptional: boolean;
}

/** The key of a map that a value is; undefined if it can't be one. */
export function keyOf(value: CelValue): CelKey | undefined {
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : undefined;
  return typeof value === "string" || typeof value === "bigint" || typeof value === "boolean"
    ? value
    : undefined;
}

/** The parts of an expression, as far as they were written: of a macro its range and its body. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "constant":
    case "name":
      return [];
    case "select":
      return [expression.operand];
    case "call":
      return expression.target === undefined
        ? expression.arguments
        : [expression.target, ...expression.arguments];
    case "list":
      return expression.elements;
    case "map":
      return expression.entries.flat();
    case "fold":
      return [expression.range, expression.step];
    default:
      return expression satisfies never;
  }
}
