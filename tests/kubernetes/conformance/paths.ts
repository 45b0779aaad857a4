/** Reads paths such as `items[].metadata.labels["a/b"]` out of JSON; `[]` gathers the values of all items. */
import { isRecord } from "@lmos/primitives";

const token = /\.?([A-Za-z0-9_$:\-@/]+)|\[(\d+)\]|\["([^"]+)"\]|(\[\])/gy;

/** The value at a path; undefined where there is none. An empty path is the whole value. */
export function valueAt(value: unknown, path: string): unknown {
  return read(value, tokensOf(path));
}

function read(value: unknown, [first, ...rest]: readonly string[]): unknown {
  if (first === undefined) return value;
  if (first === "[]") return Array.isArray(value) ? value.map((item) => read(item, rest)) : undefined;
  if (Array.isArray(value)) return read(value[Number(first)], rest);
  return isRecord(value) ? read(value[first], rest) : undefined;
}

function tokensOf(path: string): readonly string[] {
  const tokens = [...path.matchAll(token)].map(
    ([, name, index, quoted, all]) => name ?? index ?? quoted ?? all ?? "",
  );
  if ([...path.matchAll(token)].reduce((length, [text]) => length + text.length, 0) !== path.length) {
    throw new Error(`${path} is no path`);
  }
  return tokens;
}
