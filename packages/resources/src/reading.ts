/** Reads an object by its schema, and says in one line what keeps it from being read. */
import type { z } from "zod";
import { ResourceError } from "./errors.ts";

/** The object with its defaults filled in. Throws ResourceError `InvalidObject`. */
export function readAs<T>(schema: z.ZodType<T>, value: unknown): T {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw new ResourceError("InvalidObject", issuesText(read.error));
}

const shownIssues = 3;

/** What a schema says about a value, for people: `spec.description: expected string, received number; 2 more faults`. */
export function issuesText({ issues }: Pick<z.ZodError, "issues">): string {
  const shown = issues.slice(0, shownIssues).map(({ path, message }) => {
    return `${path.map(String).join(".") || "the object"}: ${message.replace(/^Invalid input: /, "")}`;
  });
  const hidden = issues.length - shown.length;
  return [...shown, ...(hidden > 0 ? [`${hidden} more ${hidden === 1 ? "fault" : "faults"}`] : [])].join(
    "; ",
  );
}
