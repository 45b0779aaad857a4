/**
 * The type checker of CEL: says before anything runs what of an expression can't work, in the words and at the places
 * of Kubernetes.
 */

import type { Call, Expression, Fold, Select } from "./expression.ts";
import type { CelFunction } from "./function.ts";
import { overloadsOf, qualifiedName } from "./library.ts";
import {
  boolType,
  bytesType,
  type CelType,
  doubleType,
  dynType,
  errorType,
  intType,
  isOpen,
  listOf,
  mapOf,
  nullType,
  optionalOf,
  parameter,
  stringType,
  typeOf,
  typeText,
  uintType,
} from "./types.ts";
import { Substitution } from "./unify.ts";
import type { CelValue } from "./values.ts";

/** Something that does not compile. */
export interface CompileError {
  /** Offset in the source. */
  readonly position: number;
  readonly message: string;
}

/** What the checker found. */
export interface Checked {
  readonly type: CelType;
  /** The variables that are used. */
  readonly names: ReadonlySet<string>;
  readonly errors: readonly CompileError[];
}

/** Checks an expression against the types of the variables that it may use. */
export function check(expression: Expression, variables: ReadonlyMap<string, CelType>): Checked {
  const checker = new Checker();
  const type = checker.typeOf(expression, variables);
  const errors = checker.errors.toSorted((one, other) => one.position - other.position);
  return { type, names: checker.names, errors };
}

type Scope = ReadonlyMap<string, CelType>;

const typeNames: Readonly<Record<string, CelType>> = {
  int: intType,
  uint: uintType,
  double: doubleType,
  bool: boolType,
  string: stringType,
  bytes: bytesType,
  list: listOf(dynType),
  map: mapOf(dynType, dynType),
  null_type: nullType,
  type: typeOf(dynType),
};

class Checker {
  readonly errors: CompileError[] = [];
  readonly names = new Set<string>();
  readonly #types = new Substitution();

  typeOf(expression: Expression, scope: Scope): CelType {
    return this.#types.resolveAll(this.#infer(expression, scope));
  }

  #infer(expression: Expression, scope: Scope): CelType {
    switch (expression.kind) {
      case "constant":
        return constantType(expression.value);
      case "name":
        return this.#name(expression.name, expression.position, scope);
      case "select":
        return this.#select(expression, scope);
      case "call":
        return this.#call(expression, scope);
      case "list":
        return listOf(this.#common(expression.elements, scope));
      case "map": {
        const keys = this.#common(
          expression.entries.map(([key]) => key),
          scope,
        );
        const values = expression.entries.map(([, value]) => value);
        return mapOf(keys, this.#common(values, scope));
      }
      case "fold":
        return this.#fold(expression, scope);
      default:
        return expression satisfies never;
    }
  }

  #name(name: string, position: number, scope: Scope): CelType {
    const declared = scope.get(name);
    if (declared !== undefined) {
      this.names.add(name);
      return declared;
    }
    const named = typeNames[name];
    return named === undefined ? this.#undeclared(name, position) : typeOf(named);
  }

  #select({ operand, field, form, position }: Select, scope: Scope): CelType {
    const type = this.typeOf(operand, scope);
    const isOptional = type.kind === "optional";
    const selected = this.#memberOf(isOptional ? type.value : type, field, position);
    if (form === "test") return boolType;
    return form === "optional" || isOptional ? optionalOf(selected) : selected;
  }

  #memberOf(type: CelType, field: string, position: number): CelType {
    if (isOpen(type) || type.kind === "parameter") return dynType;
    if (type.kind === "map") return type.value;
    if (type.kind === "object") {
      const member = type.fields.get(field);
      return member ?? this.#error(position, `undefined field '${field}'`);
    }
    return this.#error(position, `type '${typeText(type)}' does not support field selection`);
  }

  /** The one type that all elements of a literal have. */
  #common(elements: readonly Expression[], scope: Scope): CelType {
    const [first, ...rest] = elements;
    if (first === undefined) return this.#types.instantiate()(parameter("E"));
    const type = this.typeOf(first, scope);
    for (const element of rest) this.#expect(type, element, scope);
    return type;
  }

  #expect(wanted: CelType, expression: Expression, scope: Scope): void {
    const found = this.typeOf(expression, scope);
    if (this.#types.unify(wanted, found)) return;
    const message = `expected type '${typeText(this.#types.resolveAll(wanted))}' but found '${typeText(found)}'`;
    this.#error(expression.position, message);
  }

  #call(call: Call, scope: Scope): CelType {
    const { function: name, target, position } = call;
    if (name === "has" && target === undefined)
      return this.#error(position + 1, "invalid argument to has() macro");
    if (name === "_&&_" || name === "_||_") return this.#logic(call, scope);
    if (name === "_?_:_") return this.#choice(call, scope);
    const namespace = namespaceOf(call, scope);
    if (namespace !== undefined)
      return this.#overload({ ...call, function: namespace, target: undefined }, scope);
    return this.#overload(call, scope);
  }

  #logic(call: Call, scope: Scope): CelType {
    for (const operand of call.arguments) this.#expect(boolType, operand, scope);
    return boolType;
  }

  #choice(call: Call, scope: Scope): CelType {
    const [condition = errorType, one = errorType, other = errorType] = call.arguments.map((each) =>
      this.typeOf(each, scope),
    );
    const fits = this.#types.attempt(
      () => this.#types.unify(boolType, condition) && this.#types.unify(one, other),
    );
    if (fits) return isOpen(one) ? one : this.#types.resolveAll(one);
    return this.#noOverload(call, undefined, [condition, one, other]);
  }

  #overload(call: Call, scope: Scope): CelType {
    const { function: name, position } = call;
    const overloads = overloadsOf(name);
    const target = call.target === undefined ? undefined : this.typeOf(call.target, scope);
    const given = call.arguments.map((each) => this.#argument(each, name, scope));
    if (overloads.length === 0) return this.#undeclared(name, position);
    const all = target === undefined ? given : [target, ...given];
    const results = overloads
      .filter((each) => each.isMember === (target !== undefined))
      .flatMap((each) => this.#apply(each, all));
    const [first, ...rest] = results;
    if (first === undefined) return this.#noOverload(call, target, given);
    return rest.every((each) => typeText(each) === typeText(first)) ? first : dynType;
  }

  /** What `format` takes is the one list literal whose elements may be of several types. */
  #argument(argument: Expression, name: string, scope: Scope): CelType {
    if (name !== "format" || argument.kind !== "list") return this.typeOf(argument, scope);
    for (const element of argument.elements) this.typeOf(element, scope);
    return listOf(dynType);
  }

  /** The result of an overload, or nothing if it does not take arguments of these types. */
  #apply(overload: CelFunction, given: readonly CelType[]): readonly CelType[] {
    if (overload.parameters.length !== given.length) return [];
    const instance = this.#types.instantiate();
    const fits = this.#types.attempt(() =>
      overload.parameters.every((each, index) => this.#types.unify(instance(each), given[index] ?? dynType)),
    );
    return fits ? [this.#types.resolveAll(instance(overload.result))] : [];
  }

  #fold(fold: Fold, scope: Scope): CelType {
    const range = this.typeOf(fold.range, scope);
    const [first, second] = this.#itemTypes(fold, range);
    const [one = "", two] = fold.variables;
    const inner = new Map(scope).set(one, first);
    if (two !== undefined) inner.set(two, second);
    const built = this.typeOf(fold.initial, scope);
    inner.set(fold.accumulator, built);
    this.typeOf(fold.condition, inner);
    this.#expect(built, fold.step, inner);
    return this.typeOf(fold.result, new Map(scope).set(fold.accumulator, this.#types.resolveAll(built)));
  }

  /** The types of the variables of a fold. */
  #itemTypes(fold: Fold, range: CelType): readonly [CelType, CelType] {
    const hasTwo = fold.variables.length === 2;
    if (fold.overOptional && range.kind === "optional") return [range.value, dynType];
    if (range.kind === "list") return hasTwo ? [intType, range.element] : [range.element, dynType];
    if (range.kind === "map") return [range.key, range.value];
    if (isOpen(range)) return [dynType, dynType];
    const kinds = "(must be list, map, or dynamic)";
    const message = `expression of type '${typeText(range)}' cannot be range of a comprehension ${kinds}`;
    this.#error(fold.position, message);
    return [errorType, errorType];
  }

  #noOverload(call: Call, target: CelType | undefined, given: readonly CelType[]): CelType {
    if ([target, ...given].includes(errorType)) return errorType;
    const shown = `(${given.map(typeText).join(", ")})`;
    const applied = target === undefined ? shown : `${typeText(target)}.${shown}`;
    return this.#error(
      call.position,
      `found no matching overload for '${call.function}' applied to '${applied}'`,
    );
  }

  #undeclared(name: string, position: number): CelType {
    return this.#error(position, `undeclared reference to '${name}' (in container '')`);
  }

  #error(position: number, message: string): CelType {
    this.errors.push({ position, message });
    return errorType;
  }
}

/** The full name of the function, if a call is one of a namespace. */
export function namespaceOf(
  { target, function: name }: Call,
  scope: { readonly has: (name: string) => boolean },
): string | undefined {
  return target?.kind === "name" && !scope.has(target.name) ? qualifiedName(target.name, name) : undefined;
}

function constantType(value: CelValue): CelType {
  if (value === null) return nullType;
  switch (typeof value) {
    case "boolean":
      return boolType;
    case "bigint":
      return intType;
    case "number":
      return doubleType;
    case "string":
      return stringType;
    default:
      return value instanceof Uint8Array ? bytesType : uintType;
  }
}
