import { describe, expect, it } from "vitest";
import { oldGenerationLimit, oldGenerationShare } from "./old-generation.ts";

const mebibytes = (count: number): number => count * 2 ** 20;

describe("oldGenerationLimit", () => {
  // Limits as Node 24.21 tells them under these flags.
  it.each([
    { name: "the usual young generation", limit: 704, flags: ["--max-old-space-size=512"], expected: 512 },
    {
      name: "a small one",
      limit: 536,
      flags: ["--max-old-space-size=512", "--max-semi-space-size=8"],
      expected: 512,
    },
    { name: "one written with underscores", limit: 536, flags: ["--max_semi_space_size=8"], expected: 512 },
    {
      name: "the last of two",
      limit: 536,
      flags: ["--max-semi-space-size=64", "--max-semi-space-size=8"],
      expected: 512,
    },
    { name: "no flags", limit: 4288, flags: [], expected: 4096 },
    { name: "less than a young generation", limit: 100, flags: [], expected: 100 },
  ])("takes off $name", ({ limit, flags, expected }) => {
    expect(oldGenerationLimit(mebibytes(limit), flags)).toBe(mebibytes(expected));
  });
});

describe("oldGenerationShare", () => {
  it("is a share", () => {
    expect(oldGenerationShare()).toBeGreaterThan(0);
    expect(oldGenerationShare()).toBeLessThan(1);
  });
});
