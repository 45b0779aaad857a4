import type { Call, Expression, Fold } from "./expression.ts";

/** Macros that the parser does not expand: those with two variables, and those of optional values. */

const accumulator = "@result";

/** The fold that a call of a macro stands for; other calls stay what they are. */
export function expandMacro(call: Call): Expression {
  if (call.target === undefined) return call;
  const names = leadingNames(call.arguments);
  const rest = call.arguments.slice(names.length);
  const shape = shapeOf(call, names.length, rest);
  if (shape === undefined) return call;
  const { position } = call.target;
  return { kind: "fold", position, range: call.target, variables: names, accumulator, ...shape };
}

type Shape = Pick<Fold, "initial" | "condition" | "step" | "result" | "overOptional">;

/** The names that a macro gives to what it goes over: all arguments but the last that are names. */
function leadingNames(given: readonly Expression[]): readonly string[] {
  const names: string[] = [];
  for (const each of given.slice(0, -1)) {
    if (each.kind !== "name" || names.length === 2) break;
    names.push(each.name);
  }
  return names;
}

function shapeOf(call: Call, names: number, rest: readonly Expression[]): Shape | undefined {
  const [body] = rest;
  if (body === undefined || rest.length !== 1) return undefined;
  const { position } = call;
  const at = (name: string, ...given: readonly Expression[]): Expression => ({
    kind: "call",
    position,
    function: name,
    target: undefined,
    arguments: given,
  });
  const constant = (value: boolean | bigint): Expression => ({ kind: "constant", position, value });
  const result: Expression = { kind: "name", position, name: accumulator };
  const elements = (...given: readonly Expression[]): Expression => ({
    kind: "list",
    position,
    elements: given,
  });
  const plain = { condition: constant(true), result, overOptional: false };
  switch (`${call.function}/${names}`) {
    case "all/2": {
      const condition = at("@not_strictly_false", result);
      return { ...plain, initial: constant(true), condition, step: at("_&&_", result, body) };
    }
    case "exists/2": {
      const condition = at("@not_strictly_false", at("!_", result));
      return { ...plain, initial: constant(false), condition, step: at("_||_", result, body) };
    }
    case "existsOne/2": {
      const step = at("_?_:_", body, at("_+_", result, constant(1n)), result);
      return { ...plain, initial: constant(0n), step, result: at("_==_", result, constant(1n)) };
    }
    case "transformList/2":
      return { ...plain, initial: elements(), step: at("_+_", result, elements(body)) };
    case "optMap/1":
      return { ...plain, initial: at("optional.none"), step: at("optional.of", body), overOptional: true };
    case "optFlatMap/1":
      return { ...plain, initial: at("optional.none"), step: body, overOptional: true };
    default:
      return undefined;
  }
}
