import { describe, expect, it } from "vitest";
import { measureFile } from "./measure.ts";
import { renderMirror } from "./mirror.ts";

const text = `/** Said. */
export function said(): number {
  const inner = () => 1;
  return inner();
}

export const unsaid = 1;
`;

describe("measureFile", () => {
  it("counts lines, functions with their names, and documented exports", () => {
    const measure = measureFile({ path: "a.ts", text, isTest: false });
    expect(measure).toMatchObject({ lines: 7, exported: 2, documented: 1 });
    expect(measure.functions).toEqual([
      { name: "said", path: "a.ts", lines: 4 },
      { name: "inner", path: "a.ts", lines: 1 },
    ]);
  });
});

describe("renderMirror", () => {
  it("shows this house beside the anchors", () => {
    const page = renderMirror([measureFile({ path: "a.ts", text, isTest: false })], 14);
    expect(page).toContain("this house   7/7/7");
    expect(page).toContain("2.00 lines of tests a line of source");
    expect(page).toContain("kysely");
  });
});
