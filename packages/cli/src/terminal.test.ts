import { describe, expect, it } from "vitest";
import { createTerminal } from "./terminal.ts";

function terminalWith({ isTTY = true, noColor = false } = {}) {
  const [out, err]: [string[], string[]] = [[], []];
  const terminal = createTerminal({
    stdout: { write: (text: string) => out.push(text), isTTY },
    stderr: { write: (text: string) => err.push(text) },
    noColor,
    interactive: isTTY,
  });
  return { terminal, out, err };
}

describe("a terminal", () => {
  it("writes data to stdout and hints to stderr, a line each", () => {
    const { terminal, out, err } = terminalWith();
    terminal.print("data");
    terminal.hint("hint");
    expect({ out, err }).toEqual({ out: ["data\n"], err: ["hint\n"] });
  });

  it("writes pieces of data into one line", () => {
    const { terminal, out } = terminalWith();
    terminal.write("you owe");
    terminal.write(" 7 €\u001b[2J");
    expect(out).toEqual(["you owe", " 7 €\\u001b[2J"]);
  });

  it.each([
    { name: "for a person", options: {}, expected: "\u001b[31mx\u001b[39m" },
    { name: "into a pipe", options: { isTTY: false }, expected: "x" },
    { name: "with NO_COLOR", options: { noColor: true }, expected: "x" },
  ])("paints $name: $expected", ({ options, expected }) => {
    expect(terminalWith(options).terminal.paint("red", "x")).toBe(expected);
  });

  it("does nothing that others wrote into the text", () => {
    const { terminal, out, err } = terminalWith();
    terminal.print("name\u001b[2J");
    terminal.hint("cause\u001b]0;title\u0007");
    expect([...out, ...err]).toEqual(["name\\u001b[2J\n", "cause\\u001b]0;title\\u0007\n"]);
  });
});
