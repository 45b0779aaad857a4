import { describe, expect, it } from "vitest";
import { helpText, readArguments } from "./arguments.ts";

const bench = {
  command: "npm run bench:x",
  description: "Measures something.",
  options: {
    cpu: { type: "string", default: "CPU not named", description: "processor, for the report" },
    seconds: { type: "string", default: "2", isNumber: true, description: "of each measurement" },
    only: { type: "string", description: "a part of it" },
    write: { type: "boolean", default: true, description: "write RESULTS.md" },
  },
} as const;

describe("the arguments of a benchmark", () => {
  it.each([
    { name: "none", given: [], expected: { seconds: "2", write: true } },
    { name: "a number", given: ["--seconds", "0.5"], expected: { seconds: "0.5" } },
    { name: "one behind a sign", given: ["--seconds=3"], expected: { seconds: "3" } },
    { name: "a switch that is turned off", given: ["--no-write"], expected: { write: false } },
  ])("may be $name", ({ given, expected }) => {
    expect(readArguments(bench, given)).toMatchObject(expected);
  });

  it.each([
    {
      name: "a number in words",
      given: ["--seconds", "two"],
      says: '--seconds "two": give a number from 0 on',
    },
    { name: "an empty number", given: ["--seconds="], says: '--seconds "": give a number' },
    { name: "a number below zero", given: ["--seconds=-1"], says: '--seconds "-1": give a number' },
    { name: "an option that there is not", given: ["--minutes", "1"], says: "Unknown option '--minutes'" },
    { name: "a word", given: ["all"], says: "Unexpected argument 'all'" },
  ])("may not be $name", ({ given, says }) => {
    expect(() => readArguments(bench, given)).toThrow(says);
  });

  it("have their help in columns, with what is done unless they are given", () => {
    expect(helpText(bench).split("\n")).toEqual([
      "Usage: npm run bench:x -- [options]",
      "",
      "Measures something.",
      "",
      "Options:",
      "  --cpu <text>        processor, for the report (else CPU not named)",
      "  --seconds <number>  of each measurement (else 2)",
      "  --only <text>       a part of it",
      "  --[no-]write        write RESULTS.md (else true)",
    ]);
  });
});
