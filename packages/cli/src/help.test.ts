/** What every command says of itself, whichever there are. */
import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { createProgram } from "./program.ts";
import { fakeContext } from "./testing/fake-context.ts";
import { runWith } from "./testing/run-with.ts";

interface Named {
  readonly path: readonly string[];
  readonly command: Command;
}

/** A command and those below it. */
function treeOf(command: Command, path: readonly string[]): readonly Named[] {
  return [{ path, command }, ...command.commands.flatMap((child) => treeOf(child, [...path, child.name()]))];
}

const program = await createProgram(["help"], fakeContext());
const rows = program.commands.flatMap((command) => treeOf(command, [command.name()]));
const named = rows.map((row) => ({ name: row.path.join(" "), ...row }));

describe("lmos", () => {
  it("lists all its commands, each with what it does, and says where to start", async () => {
    const { code, out } = await runWith({}, "--help");
    expect(code).toBe(0);
    for (const command of program.commands)
      expect(out).toMatch(new RegExp(`^ +${command.name()} .*\\w`, "m"));
    expect(out).toContain("lmos demo --check");
  });

  it.each(["-V", "--version"])("%s prints its version and nothing else", async (flag) => {
    expect(await runWith({}, flag)).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+$/) });
  });

  it("without a command says how it is used, which is wrong usage", async () => {
    const { code, out, hints } = await runWith({});
    expect(code).toBe(2);
    expect(`${out}${hints}`).toContain("Usage: lmos");
  });

  it.each([
    { name: "a command that is nearly right", parameters: ["gte"], says: "(Did you mean get?)" },
    {
      name: "an option that is nearly right",
      parameters: ["get", "agents", "--wach"],
      says: "Did you mean --watch?",
    },
    { name: "an argument too many", parameters: ["why", "a", "b"], says: "too many arguments" },
    { name: "an option without its value", parameters: ["get", "agents", "-n"], says: "argument missing" },
  ])("tells of $name", async ({ parameters, says }) => {
    const { code, out, hints } = await runWith({}, ...parameters);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(hints).toContain(says);
    expect(hints).toMatch(/\(see lmos ((get|why) )?--help\)$/);
  });
});

describe.each(named)("lmos $name", ({ path, command }) => {
  it("has help with what it does, and examples of itself", async () => {
    const { code, out, hints } = await runWith({}, ...path, "--help");
    expect({ code, hints }).toEqual({ code: 0, hints: "" });
    expect(out).toMatch(new RegExp(`^Usage: lmos ${path.join(" ")}( |\n)`));
    const [, examples = ""] = out.split("\nExamples:\n");
    expect(examples).toContain(`lmos ${path.join(" ")}`);
  });

  it("says of each of its options and arguments what it is", () => {
    expect(command.description()).not.toBe("");
    const silent = [...command.options, ...command.registeredArguments].filter(
      ({ description }) => !description,
    );
    expect(silent.map((one) => one.name())).toEqual([]);
  });

  it("refuses an option that it does not have, and says where help is", async () => {
    const { code, out, hints } = await runWith({}, ...path, "--no-such-option");
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(hints).toMatch(
      /^error: (unknown option '--no-such-option'|required option '[^']+' not specified)\n/,
    );
    expect(hints).toMatch(new RegExp(`\\(see lmos ${path.join(" ")} --help\\)$`));
  });
});
