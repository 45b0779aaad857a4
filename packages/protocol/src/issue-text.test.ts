import { describe, expect, it } from "vitest";
import { z } from "zod";
import { firstIssueText, issueText } from "./issue-text.ts";

const schema = z.object({
  capabilities: z.array(z.object({ name: z.string().min(1), "odd name": z.number().optional() })),
});

function textsOf(value: unknown): readonly string[] {
  return schema.safeParse(value).error?.issues.map(issueText) ?? [];
}

describe("what is wrong with a document", () => {
  it.each([
    { name: "the document itself", value: [], says: /^document: .*expected object/ },
    { name: "a member", value: {}, says: /^capabilities: .*expected array/ },
    {
      name: "a member of an element",
      value: { capabilities: [{ name: "a" }, {}] },
      says: /^capabilities\[1\]\.name: /,
    },
    { name: "an element", value: { capabilities: [7] }, says: /^capabilities\[0\]: / },
    {
      name: "an odd member",
      value: { capabilities: [{ name: "a", "odd name": "" }] },
      says: /^capabilities\[0\]\.odd name: /,
    },
  ])("is said with where it is: $name", ({ value, says }) => {
    expect(textsOf(value)).toEqual([expect.stringMatching(says)]);
  });

  it("is the first of several where one is asked for, and something where there is none", () => {
    const { error } = schema.safeParse({ capabilities: [{}, {}] });
    expect(error && firstIssueText(error)).toMatch(/^capabilities\[0\]\.name: /);
    expect(firstIssueText(new z.ZodError([]))).toBe("can't be read");
  });
});
