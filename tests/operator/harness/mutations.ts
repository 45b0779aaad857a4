/** Every field of an object changed in every way that its type allows, and removed: the sequences of Acto (SOSP 2023). */
import { isRecord } from "@lmos/primitives";

type Path = readonly (string | number)[];

/** One mutation: the object that it leaves, and what was done, such as `spec.id = ""`. */
export interface Mutation<T> {
  readonly name: string;
  readonly object: T;
}

const texts = ["", "x", "0.0.0", "\u202eevil", "e\u0301", "ü".repeat(300), "^1 || ".repeat(60)];
const numbers = [0, -1, 2 ** 31];

/** All mutations of `object` below each of the members that `roots` name. */
export function mutationsOf<T extends object>(object: T, roots: readonly Path[]): readonly Mutation<T>[] {
  return roots.flatMap((root) =>
    pathsBelow(valueAt(object, root), root).flatMap((path) => mutate(object, path)),
  );
}

/** Whether a refusal names the field that a mutation is about; of labels the server says that it is one. */
export function namesField(refusal: string, { name }: Pick<Mutation<object>, "name">): boolean {
  const [path = ""] = name.split(/ (?:=|removed)/);
  const fields = path.split(".").filter((part) => !/^\d+$/.test(part));
  return refusal.includes(fields.at(-1) ?? "") || (fields.includes("labels") && refusal.includes("labels"));
}

function pathsBelow(value: unknown, path: Path): readonly Path[] {
  const members: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
    ? value.map((item, at) => [at, item] as const)
    : isRecord(value)
      ? Object.entries(value)
      : [];
  return [path, ...members.flatMap(([name, member]) => pathsBelow(member, [...path, name]))];
}

function mutate<T extends object>(object: T, path: Path): readonly Mutation<T>[] {
  const name = path.join(".");
  const before = valueAt(object, path);
  const changed = variantsOf(before)
    .filter((variant) => variant !== before)
    .map((variant) => {
      return { name: `${name} = ${short(variant)}`, object: withValue(object, path, variant) };
    });
  return [...changed, { name: `${name} removed`, object: withValue(object, path, undefined) }];
}

function variantsOf(value: unknown): readonly unknown[] {
  if (typeof value === "string") return texts;
  if (typeof value === "number") return numbers;
  if (Array.isArray(value)) return [[], [...value, ...value]];
  return isRecord(value) ? [{}] : [];
}

function short(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

function valueAt(object: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, name) => {
    if (Array.isArray(value)) return value[Number(name)];
    return isRecord(value) ? value[String(name)] : undefined;
  }, object);
}

/** A copy with another value there; without the member where it is undefined. */
function withValue<T extends object>(object: T, path: Path, value: unknown): T {
  const copy = structuredClone(object);
  const parent = valueAt(copy, path.slice(0, -1));
  const last = path.at(-1);
  if (Array.isArray(parent)) parent.splice(Number(last), 1, ...(value === undefined ? [] : [value]));
  else if (isRecord(parent) && value === undefined) delete parent[String(last)];
  else if (isRecord(parent)) parent[String(last)] = value;
  return copy;
}
