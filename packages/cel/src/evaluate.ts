/** Runs checked expressions on values, within a budget, so that no rule can keep the server busy. */
import { type Budget, costOf } from "./budget.ts";
import { namespaceOf } from "./check.ts";
import { type Call, type Expression, type Fold, keyOf, type Select } from "./expression.ts";
import { overloadsOf } from "./library.ts";
import {
  type CelFault,
  type CelKey,
  type CelValue,
  fault,
  isFault,
  isList,
  isMap,
  isOptional,
  list,
  none,
  noSuchOverload,
  some,
} from "./values.ts";

type Result = CelValue | CelFault;

/** The value of an expression, or the fault that kept it from having one. */
export function evaluate(
  expression: Expression,
  variables: ReadonlyMap<string, CelValue>,
  budget: Budget,
): Result {
  return new Evaluation(budget).run(expression, new Scope(variables, undefined));
}

const usedUp: CelFault = { ...fault("operation cancelled: actual cost limit exceeded"), isFinal: true };

/** Variables: those given, and those of the folds around an expression; what a fold builds up may be a fault. */
class Scope {
  readonly #names: ReadonlyMap<string, Result>;
  readonly #outer: Scope | undefined;

  constructor(names: ReadonlyMap<string, Result>, outer: Scope | undefined) {
    this.#names = names;
    this.#outer = outer;
  }

  get(name: string): Result | undefined {
    const own = this.#names.get(name);
    return own === undefined ? this.#outer?.get(name) : own;
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }
}

class Evaluation {
  readonly #budget: Budget;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  run(expression: Expression, scope: Scope): Result {
    if (expression.kind === "constant") return expression.value;
    if (!this.#budget.spend(1)) return usedUp;
    switch (expression.kind) {
      case "name":
        return this.#name(expression.name, scope);
      case "select":
        return this.#select(expression, scope);
      case "call":
        return this.#call(expression, scope);
      case "list":
        return this.#list(expression.elements, scope);
      case "map":
        return this.#map(expression.entries, scope);
      case "fold":
        return this.#fold(expression, scope);
      default:
        return expression satisfies never;
    }
  }

  #name(name: string, scope: Scope): Result {
    const value = scope.get(name);
    return value === undefined ? nameValue(name) : value;
  }

  #select({ operand, field, form }: Select, scope: Scope): Result {
    const target = this.run(operand, scope);
    if (isFault(target)) return target;
    const isWrapped = isOptional(target);
    const holder = isWrapped ? target.value : target;
    if (holder === undefined) return form === "test" ? false : none;
    if (!isMap(holder)) return noSuchOverload;
    const value = holder.get(field);
    if (form === "test") return value !== undefined && value !== null;
    if (form === "optional" || isWrapped) return value === undefined ? none : some(value);
    return value === undefined ? fault(`no such key: ${field}`) : value;
  }

  #call(call: Call, scope: Scope): Result {
    switch (call.function) {
      case "_&&_":
        return this.#logic(call, scope, false);
      case "_||_":
        return this.#logic(call, scope, true);
      case "_?_:_":
        return this.#choice(call, scope);
      case "@not_strictly_false":
        return this.#continues(call, scope);
      default:
        return this.#function(call, scope);
    }
  }

  /** `&&` and `||`: a value that decides makes up for a fault on the other side. */
  #logic(call: Call, scope: Scope, decisive: boolean): Result {
    let problem: CelFault | undefined;
    for (const operand of call.arguments) {
      const value = this.run(operand, scope);
      if (value === decisive) return decisive;
      if (value === !decisive) continue;
      const found = isFault(value) ? value : noSuchOverload;
      if (found.isFinal) return found;
      problem ??= found;
    }
    return problem ?? !decisive;
  }

  #choice(call: Call, scope: Scope): Result {
    const [condition, one, other] = call.arguments;
    const decided = condition === undefined ? noSuchOverload : this.run(condition, scope);
    if (typeof decided !== "boolean") return isFault(decided) ? decided : noSuchOverload;
    const chosen = decided ? one : other;
    return chosen === undefined ? noSuchOverload : this.run(chosen, scope);
  }

  #continues(call: Call, scope: Scope): Result {
    const [condition] = call.arguments;
    const value = condition === undefined ? noSuchOverload : this.run(condition, scope);
    return isFault(value) && value.isFinal ? value : value !== false;
  }

  #function(call: Call, scope: Scope): Result {
    const namespace = namespaceOf(call, scope);
    const hasTarget = call.target !== undefined && namespace === undefined;
    const given = hasTarget && call.target ? [call.target, ...call.arguments] : call.arguments;
    const values = this.#all(given, scope);
    if ("tag" in values) return values;
    if (!this.#budget.spend(costOf(call.function, values, this.#budget.left))) return usedUp;
    for (const overload of overloadsOf(namespace ?? call.function)) {
      const result = overload.isMember === hasTarget ? overload.run(values) : undefined;
      if (result !== undefined) return result;
    }
    return noSuchOverload;
  }

  #all(expressions: readonly Expression[], scope: Scope): readonly CelValue[] | CelFault {
    const values: CelValue[] = [];
    for (const expression of expressions) {
      const value = this.run(expression, scope);
      if (isFault(value)) return value;
      values.push(value);
    }
    return values;
  }

  #list(elements: readonly Expression[], scope: Scope): Result {
    const values = this.#all(elements, scope);
    return "tag" in values ? values : list(values);
  }

  #map(entries: readonly (readonly [Expression, Expression])[], scope: Scope): Result {
    const values = this.#all(entries.flat(), scope);
    if ("tag" in values) return values;
    const map = new Map<CelKey, CelValue>();
    for (let at = 0; at < values.length; at += 2) {
      const key = keyOf(values[at] ?? null);
      if (key === undefined) return fault("unsupported key type");
      if (map.has(key)) return fault(`Failed with repeated key ${String(key)}`);
      map.set(key, values[at + 1] ?? null);
    }
    return map;
  }

  #fold(fold: Fold, scope: Scope): Result {
    const range = this.run(fold.range, scope);
    if (isFault(range)) return range;
    const items = itemsOf(range, fold.variables.length === 2);
    if (items === undefined) return noSuchOverload;
    const within = (built: Result, inner: Scope) => new Scope(new Map([[fold.accumulator, built]]), inner);
    let built = this.run(fold.initial, scope);
    for (const variables of items) {
      const inner = within(built, new Scope(new Map(zip(fold.variables, variables)), scope));
      const goesOn = this.run(fold.condition, inner);
      if (isFault(goesOn)) return goesOn;
      if (goesOn !== true) break;
      built = this.run(fold.step, inner);
      if (isFault(built) && built.isFinal) return built;
    }
    return this.run(fold.result, within(built, scope));
  }
}

function zip(
  names: readonly string[],
  values: readonly CelValue[],
): readonly (readonly [string, CelValue])[] {
  return names.map((name, index) => [name, values[index] ?? null]);
}

/** What the variables of a fold stand for, one after the other. */
function itemsOf(range: CelValue, hasTwo: boolean): readonly (readonly CelValue[])[] | undefined {
  if (isMap(range)) return hasTwo ? [...range] : [...range.keys()].map((key) => [key]);
  if (isOptional(range)) return range.value === undefined ? [] : [[range.value]];
  if (!isList(range)) return undefined;
  return range.items.map((item, index) => (hasTwo ? [BigInt(index), item] : [item]));
}

const typeNames: ReadonlySet<string> = new Set(
  "int uint double bool string bytes list map null_type type".split(" "),
);

function nameValue(name: string): Result {
  return typeNames.has(name) ? { tag: "type", bits: name } : fault(`no such attribute: ${name}`);
}
