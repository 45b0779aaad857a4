import fc from "fast-check";
import { expect, test } from "vitest";
import { parseCommandLine } from "./command-line.ts";

test.each([
  {
    name: "splits at white space",
    text: "node main.ts  --port 1\n",
    argv: ["node", "main.ts", "--port", "1"],
  },
  {
    name: "keeps single-quoted text as it stands",
    text: `echo 'a "b" \\n $(X)'`,
    argv: ["echo", 'a "b" \\n $(X)'],
  },
  { name: "keeps spaces in double quotes", text: 'echo "a  b"', argv: ["echo", "a  b"] },
  {
    name: "unescapes in double quotes",
    text: String.raw`echo "a \"b\" \\ \n"`,
    argv: ["echo", String.raw`a "b" \ \n`],
  },
  { name: "escapes outside of quotes", text: String.raw`echo a\ b \'c`, argv: ["echo", "a b", "'c"] },
  { name: "joins pieces that touch", text: `run --name="a b"'c'd`, argv: ["run", "--name=a bcd"] },
  { name: "keeps empty words", text: `run '' ""`, argv: ["run", "", ""] },
  {
    name: "expands nothing",
    text: "run $HOME *.ts ~ | cat",
    argv: ["run", "$HOME", "*.ts", "~", "|", "cat"],
  },
])("$name", ({ text, argv }) => {
  expect(parseCommandLine(text)).toEqual({ kind: "parsed", argv });
});

test.each([
  { name: "nothing", text: "", reason: "it names no program" },
  { name: "only white space", text: " \t\n", reason: "it names no program" },
  { name: "an empty program", text: "'' a", reason: "it names no program" },
  { name: "an open single quote", text: "run 'a", reason: "a quote or backslash is not closed" },
  { name: "an open double quote", text: 'run "a\\"', reason: "a quote or backslash is not closed" },
  { name: "a backslash at the end", text: "run a\\", reason: "a quote or backslash is not closed" },
])("refuses $name", ({ text, reason }) => {
  expect(parseCommandLine(text)).toEqual({ kind: "invalid", reason });
});

test("reads back any words that were single-quoted", () => {
  const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.array(fc.string()), (program, rest) => {
      const argv = [program, ...rest];
      expect(parseCommandLine(argv.map(quote).join(" "))).toEqual({ kind: "parsed", argv });
    }),
  );
});
