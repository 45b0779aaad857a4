import { type CelValue, isList, isMap, isOptional } from "./values.ts";

/** How much evaluation may still cost; about one unit a step and one per ten characters or items looked at. */
export class Budget {
  #left: number;

  constructor(limit: number) {
    this.#left = limit;
  }

  get left(): number {
    return this.#left;
  }

  /** False once more is spent than there was. */
  spend(cost: number): boolean {
    this.#left -= cost;
    return this.#left >= 0;
  }
}

const constantTime: ReadonlySet<string> = new Set(
  "_[_] _[?_] size type dyn hasValue value optional.of orValue or".split(" "),
);

/** What a function costs that looks at all of its arguments. */
export function costOf(name: string, values: readonly CelValue[], most: number): number {
  if (constantTime.has(name)) return 0;
  const sizes = values.map((value) => sizeOf(value, most));
  const multiplies = name === "replace" || name.startsWith("sets.");
  const size = multiplies
    ? sizes.reduce((product, each) => product * Math.max(each, 1), 1)
    : sizes.reduce((sum, each) => sum + each, 0);
  return Math.ceil(size / 10);
}

/** Characters and items in a value, counted as far as the budget goes. */
function sizeOf(value: CelValue, most: number): number {
  if (typeof value === "string") return value.length;
  const parts = value === null || typeof value !== "object" ? [] : partsOf(value);
  const isUnordered = value !== null && typeof value === "object" && "identity" in value;
  let size = isUnordered ? parts.length ** 2 : parts.length;
  for (const part of parts) {
    if (size > most * 10) break;
    size += sizeOf(part, most - size / 10);
  }
  return size;
}

function partsOf(value: object & CelValue): readonly CelValue[] {
  if (isMap(value)) return [...value.values()];
  if (isList(value)) return value.items;
  return isOptional(value) && value.value !== undefined ? [value.value] : [];
}
