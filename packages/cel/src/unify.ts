import { type CelType, isOpen } from "./types.ts";

/** What the type parameters met so far stand for; one for each expression that is checked. */
export class Substitution {
  readonly #bound = new Map<string, CelType>();
  #fresh = 0;

  /** Makes two types the same by binding parameters; false if they can't be. `dyn` agrees with everything. */
  unify(one: CelType, other: CelType): boolean {
    const left = this.resolve(one);
    const right = this.resolve(other);
    if (left === right || isSameParameter(left, right) || isOpen(left) || isOpen(right)) return true;
    if (left.kind === "parameter") return this.#bind(left.name, right);
    if (right.kind === "parameter") return this.#bind(right.name, left);
    return isNull(left) || isNull(right) ? allowsNull(left, right) : this.#unifyParts(left, right);
  }

  /** A function that gives the parameters of one signature names of their own. */
  instantiate(): (type: CelType) => CelType {
    this.#fresh += 1;
    const suffix = `#${this.#fresh}`;
    return (type) => mapParameters(type, (name) => ({ kind: "parameter", name: name + suffix }));
  }

  /** A type with its outermost parameter replaced by what it stands for. */
  resolve(type: CelType): CelType {
    const bound = type.kind === "parameter" ? this.#bound.get(type.name) : undefined;
    return bound === undefined ? type : this.resolve(bound);
  }

  /** A type with all its parameters replaced by what they stand for. */
  resolveAll(type: CelType): CelType {
    return mapParameters(type, (name) => {
      const bound = this.#bound.get(name);
      return bound === undefined ? { kind: "parameter", name } : this.resolveAll(bound);
    });
  }

  /** Tries something; if it fails, nothing stays bound. */
  attempt(work: () => boolean): boolean {
    const before = [...this.#bound];
    if (work()) return true;
    this.#bound.clear();
    for (const [name, type] of before) this.#bound.set(name, type);
    return false;
  }

  #bind(name: string, type: CelType): boolean {
    if (mentions(this.resolveAll(type), name)) return false;
    this.#bound.set(name, type);
    return true;
  }

  #unifyParts(left: CelType, right: CelType): boolean {
    if (left.kind === "list" && right.kind === "list") return this.unify(left.element, right.element);
    if (left.kind === "optional" && right.kind === "optional") return this.unify(left.value, right.value);
    if (left.kind === "type" && right.kind === "type") return true;
    if (left.kind === "map" && right.kind === "map") {
      return this.unify(left.key, right.key) && this.unify(left.value, right.value);
    }
    return "name" in left && "name" in right && left.kind === right.kind && left.name === right.name;
  }
}

function isSameParameter(left: CelType, right: CelType): boolean {
  return left.kind === "parameter" && right.kind === "parameter" && left.name === right.name;
}

function isNull(type: CelType): boolean {
  return type.kind === "named" && type.name === "null";
}

/** Objects, times and durations may be null. */
function allowsNull(left: CelType, right: CelType): boolean {
  const other = isNull(left) ? right : left;
  if (other.kind === "named") return ["null", "timestamp", "duration"].includes(other.name);
  return other.kind === "object";
}

function mapParameters(type: CelType, replace: (name: string) => CelType): CelType {
  switch (type.kind) {
    case "parameter":
      return replace(type.name);
    case "list":
      return { kind: "list", element: mapParameters(type.element, replace) };
    case "optional":
      return { kind: "optional", value: mapParameters(type.value, replace) };
    case "type":
      return { kind: "type", of: mapParameters(type.of, replace) };
    case "map":
      return {
        kind: "map",
        key: mapParameters(type.key, replace),
        value: mapParameters(type.value, replace),
      };
    case "named":
    case "object":
      return type;
    default:
      return type satisfies never;
  }
}

function mentions(type: CelType, name: string): boolean {
  let found = false;
  mapParameters(type, (each) => {
    found ||= each === name;
    return { kind: "parameter", name: each };
  });
  return found;
}
