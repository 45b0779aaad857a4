import {
  asObject,
  type JsonObject,
  type JsonValue,
  listAt,
  textAt,
  textMapAt,
  textsAt,
} from "@lmos/primitives";

/** Labels as `a=1,b=2`, by name; `<none>` without any. */
export function formatLabels(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? "<none>" : pairs.sort().join(",");
}

/** A label selector (`matchLabels`, `matchExpressions`) as kubectl writes one; `<none>` when it selects everything. */
export function formatLabelSelector(selector: JsonObject): string {
  const equal = Object.entries(textMapAt(selector, "matchLabels")).map(([key, value]) => ({
    key,
    text: `${key}=${value}`,
  }));
  const terms = [...equal, ...listAt(selector, "matchExpressions").map(expression)];
  if (terms.length === 0) return "<none>";
  return terms
    .sort((one, other) => (one.key < other.key ? -1 : 1))
    .map((term) => term.text)
    .join(",");
}

function expression(value: JsonValue): { readonly key: string; readonly text: string } {
  const term = asObject(value) ?? {};
  const key = textAt(term, "key") ?? "";
  const values = [...textsAt(term, "values")].sort().join(",");
  switch (textAt(term, "operator")) {
    case "In":
      return { key, text: `${key} in (${values})` };
    case "NotIn":
      return { key, text: `${key} notin (${values})` };
    case "DoesNotExist":
      return { key, text: `!${key}` };
    default:
      return { key, text: key };
  }
}
