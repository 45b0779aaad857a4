/** Reads an object by its schema, and says in one line what keeps it from being read. */
import type { z } from "zod";
import { ResourceError } from "./errors.ts";

/** The object with its defaults filled in. Throws ResourceError `InvalidObject`. */
export function readAs<T>(schema: z.ZodType<T>, value: unknown): T {
  const read = schema.safeParse(value, { reportInput: true });
  if (read.success) return read.data;
  throw new ResourceError("InvalidObject", issuesText(read.error));
}

const shownIssues = 3;

/**
 * What a schema says about a value, for people: `spec.version: expected string, received number (found 1.5); 2 more faults`.
 * What was found is said where the schema was told to report its input.
 */
export function issuesText({ issues }: Pick<z.ZodError, "issues">): string {
  const shown = issues.slice(0, shownIssues).map(({ path, message, input }) => {
    const said = message.replace(/^Invalid input: /, "");
    return `${path.map(String).join(".") || "the object"}: ${said}${foundText(input)}`;
  });
  const hidden = issues.length - shown.length;
  return [...shown, ...(hidden > 0 ? [`${hidden} more ${hidden === 1 ? "fault" : "faults"}`] : [])].join(
    "; ",
  );
}

const longestFound = 60;

/** The value where it is one that a line can show. */
function foundText(value: unknown): string {
  if (!["string", "number", "boolean"].includes(typeof value)) return "";
  const text = JSON.stringify(value);
  return ` (found ${text.length > longestFound ? `${text.slice(0, longestFound).toWellFormed()}…` : text})`;
}
