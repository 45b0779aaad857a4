import type { Call, Expression, Fold } from "./expression.ts";

/** Macros: calls that are something else in the abstract syntax, mostly a fold over their target. */

const accumulator = "@result";

/** What a macro can't be expanded for. */
export interface MacroFault {
  readonly kind: "unreadable";
  readonly position: number;
  readonly reason: string;
}

/** What a call of a macro stands for; other calls stay what they are. */
export function expandMacro(call: Call): Expression | MacroFault {
  const { function: name, target, arguments: given } = call;
  if (target === undefined) return name === "has" ? presence(call) : call;
  const shape = shapes.get(`${name}/${given.length}`);
  if (shape === undefined) return call;
  const named = given.slice(0, shape.variables);
  const wrong = named.find((each) => each.kind !== "name");
  if (wrong !== undefined) {
    return { kind: "unreadable", position: wrong.position, reason: "argument must be a simple name" };
  }
  const variables = named.flatMap((each) => (each.kind === "name" ? [each.name] : []));
  const built = shape.build(syntaxAt(call.position), given.slice(shape.variables), named);
  return { kind: "fold", position: target.position, range: target, variables, accumulator, ...built };
}

/** `has(a.b)`; anything else is left to the checker to refuse. */
function presence(call: Call): Expression {
  const [argument] = call.arguments;
  if (argument?.kind !== "select" || argument.form !== "value" || call.arguments.length !== 1) return call;
  return { ...argument, position: call.position, form: "test" };
}

type Built = Pick<Fold, "initial" | "condition" | "step" | "result" | "overOptional">;

interface Shape {
  /** How many of the arguments name variables. */
  readonly variables: number;
  readonly build: (syntax: Syntax, given: readonly Expression[], variables: readonly Expression[]) => Built;
}

type Syntax = ReturnType<typeof syntaxAt>;

/** Makes the parts of a fold at one position. */
function syntaxAt(position: number) {
  const call = (name: string, ...given: readonly Expression[]): Expression => ({
    kind: "call",
    position,
    function: name,
    target: undefined,
    arguments: given,
  });
  return {
    call,
    constant: (value: boolean | bigint): Expression => ({ kind: "constant", position, value }),
    list: (...elements: readonly Expression[]): Expression => ({ kind: "list", position, elements }),
    result: { kind: "name", position, name: accumulator } satisfies Expression,
  };
}

const missing: Expression = { kind: "constant", position: 0, value: null };

const all = (variables: number): Shape => ({
  variables,
  build: ({ call, constant, result }, [body = missing]) => ({
    initial: constant(true),
    condition: call("@not_strictly_false", result),
    step: call("_&&_", result, body),
    result,
    overOptional: false,
  }),
});

const exists = (variables: number): Shape => ({
  variables,
  build: ({ call, constant, result }, [body = missing]) => ({
    initial: constant(false),
    condition: call("@not_strictly_false", call("!_", result)),
    step: call("_||_", result, body),
    result,
    overOptional: false,
  }),
});

const existsOne = (variables: number): Shape => ({
  variables,
  build: ({ call, constant, result }, [body = missing]) => ({
    initial: constant(0n),
    condition: constant(true),
    step: call("_?_:_", body, call("_+_", result, constant(1n)), result),
    result: call("_==_", result, constant(1n)),
    overOptional: false,
  }),
});

/** A list of what the last argument makes of the items, those only for which the one before it is true. */
const map = (variables: number): Shape => ({
  variables,
  build: ({ call, constant, list, result }, given) => {
    const [body = missing, filter] = given.toReversed();
    const longer = call("_+_", result, list(body));
    return {
      initial: list(),
      condition: constant(true),
      step: filter === undefined ? longer : call("_?_:_", filter, longer, result),
      result,
      overOptional: false,
    };
  },
});

const filter: Shape = {
  variables: 1,
  build: (syntax, [condition = missing], [item = missing]) => map(1).build(syntax, [condition, item], []),
};

const optional = (wrap: boolean): Shape => ({
  variables: 1,
  build: ({ call, constant, result }, [body = missing]) => ({
    initial: call("optional.none"),
    condition: constant(true),
    step: wrap ? call("optional.of", body) : body,
    result,
    overOptional: true,
  }),
});

/** By name and number of arguments. */
const shapes: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  ["all/2", all(1)],
  ["all/3", all(2)],
  ["exists/2", exists(1)],
  ["exists/3", exists(2)],
  ["exists_one/2", existsOne(1)],
  ["existsOne/3", existsOne(2)],
  ["filter/2", filter],
  ["map/2", map(1)],
  ["map/3", map(1)],
  ["transformList/3", map(2)],
  ["transformList/4", map(2)],
  ["optMap/2", optional(true)],
  ["optFlatMap/2", optional(false)],
]);
