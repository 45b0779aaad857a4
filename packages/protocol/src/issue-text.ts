import type { z } from "zod";

/** What is wrong with a value that a schema refused, with the field's name: `capabilities[1].name: …`. */
export function issueText(issue: z.core.$ZodIssue): string {
  return `${fieldPath(issue.path)}: ${issue.message}`;
}

/** The first of what is wrong. */
export function firstIssueText(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue === undefined ? "can't be read" : issueText(issue);
}

/** `["capabilities", 1, "name"]` → `capabilities[1].name`; the document itself has no path. */
function fieldPath(path: readonly PropertyKey[]): string {
  if (path.length === 0) return "document";
  const text = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
  return text.replace(/^\./, "");
}
