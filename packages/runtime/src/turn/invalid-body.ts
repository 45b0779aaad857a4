/** Says what is wrong with a body: the field, what stands there, and what to send instead. Never echoes values. */
import type { z } from "zod";

/** Faults that are described; a client that mends these sees the others. */
const maxFaults = 3;

/** A sentence about each of the first faults of a body. */
export function describeInvalidBody({ issues }: z.ZodError, body: unknown): string {
  return issues
    .slice(0, maxFaults)
    .map((issue) => describeIssue(issue, body))
    .join(" ");
}

function describeIssue(issue: z.core.$ZodIssue, body: unknown): string {
  const field = issue.path.length === 0 ? "The body" : `Field ${pathText(issue.path)}`;
  return `${field} ${describeFault(issue, valueAt(body, issue.path))}.`;
}

function describeFault(issue: z.core.$ZodIssue, value: unknown): string {
  switch (issue.code) {
    case "invalid_type":
      return `${stateOf(value)}: give it as ${expectedNames[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return `${value === undefined ? "is missing" : "has a value that is not supported"}: give ${issue.values.map((each) => `"${String(each)}"`).join(" or ")}`;
    case "too_big":
      return issue.origin === "array"
        ? `has more than ${issue.maximum} entries: send fewer`
        : `has more than ${issue.maximum} characters: shorten it`;
    default:
      return "is not valid: see the description of the message format";
  }
}

const expectedNames: Readonly<Record<string, string>> = {
  string: "text",
  array: "a list",
  object: "an object",
};

function stateOf(value: unknown): string {
  if (value === undefined) return "is missing";
  if (value === null) return "is null";
  if (Array.isArray(value)) return "is a list";
  switch (typeof value) {
    case "string":
      return "is text";
    case "object":
      return "is an object";
    default:
      return `is a ${typeof value}`;
  }
}

/** `inputContext.messages[0].role` */
function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
    .join("")
    .replace(/^\./, "");
}

function valueAt(body: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
    body,
  );
}
