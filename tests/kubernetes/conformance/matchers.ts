/** Whether an answer is as a step expects it; what is not comes back as one line each. */
import { canonicalJson, isRecord, type JsonValue } from "@lmos/primitives";
import { absent, type Expectations, type Expected, present } from "./case.ts";
import { valueAt } from "./paths.ts";

/** What does not hold of a JSON answer. */
export function unmet(answer: unknown, expectations: Expectations = {}): readonly string[] {
  return Object.entries(expectations).flatMap(([path, expected]) => {
    const value = valueAt(answer, path);
    return matches(value, expected) ? [] : [`${path} is ${show(value)}, not ${show(expected)}`];
  });
}

/** What does not hold of a text. */
export function unmetText(
  name: string,
  text: string,
  expected: string | RegExp | undefined,
): readonly string[] {
  if (expected === undefined) return [];
  const holds = typeof expected === "string" ? text.includes(expected) : expected.test(text);
  return holds ? [] : [`${name} is ${JSON.stringify(text)}, without ${String(expected)}`];
}

function matches(value: unknown, expected: Expected): boolean {
  if (expected === absent) return value === undefined;
  if (expected === present) return value !== undefined;
  if (expected instanceof RegExp) return typeof value === "string" && expected.test(value);
  if (isLength(expected)) return Array.isArray(value) && value.length === expected.length;
  return value !== undefined && canonicalJson(value as JsonValue) === canonicalJson(expected as JsonValue);
}

function isLength(expected: unknown): expected is { readonly length: number } {
  return isRecord(expected) && Object.keys(expected).join() === "length";
}

function show(value: unknown): string {
  if (typeof value === "symbol" || value instanceof RegExp) return String(value);
  return value === undefined ? "absent" : JSON.stringify(value);
}
