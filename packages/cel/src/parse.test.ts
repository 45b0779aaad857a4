import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Expression } from "./expression.ts";
import { parseExpression } from "./parse.ts";

/** An expression as nested brackets: the function first, then what it is called on. */
function shown(expression: Expression): string {
  switch (expression.kind) {
    case "constant":
      return typeof expression.value === "string" ? `'${expression.value}'` : String(expression.value);
    case "name":
      return expression.name;
    case "select": {
      const dots = { value: ".", test: "has.", optional: ".?" }[expression.form];
      return `(${dots}${expression.field} ${shown(expression.operand)})`;
    }
    case "call": {
      const target = expression.target === undefined ? [] : [`on ${shown(expression.target)}`];
      return `(${[expression.function, ...target, ...expression.arguments.map(shown)].join(" ")})`;
    }
    case "list":
      return `[${expression.elements.map(shown).join(" ")}]`;
    case "map":
      return `{${expression.entries.map(([key, value]) => `${shown(key)}:${shown(value)}`).join(" ")}}`;
    case "fold":
      return `(fold ${expression.variables.join(",")} in ${shown(expression.range)} by ${shown(expression.step)})`;
    default:
      return expression satisfies never;
  }
}

function parsed(source: string): Expression {
  const result = parseExpression(source);
  if (result.kind === "unreadable") throw new Error(result.reason);
  return result.expression;
}

describe("operators bind as CEL says", () => {
  test.each([
    { source: "a + b * c", tree: "(_+_ a (_*_ b c))" },
    { source: "(a + b) * c", tree: "(_*_ (_+_ a b) c)" },
    { source: "a - b - c", tree: "(_-_ (_-_ a b) c)" },
    { source: "a / b % c", tree: "(_%_ (_/_ a b) c)" },
    { source: "a < b + 1", tree: "(_<_ a (_+_ b 1))" },
    { source: "a in [b, c]", tree: "(@in a [b c])" },
    { source: "a == b != c", tree: "(_!=_ (_==_ a b) c)" },
    { source: "a || b && c", tree: "(_||_ a (_&&_ b c))" },
    { source: "a && b && c", tree: "(_&&_ a b c)" },
    { source: "a == b && c < d", tree: "(_&&_ (_==_ a b) (_<_ c d))" },
    { source: "a ? b : c ? d : e", tree: "(_?_:_ a b (_?_:_ c d e))" },
    { source: "a || b ? c : d", tree: "(_?_:_ (_||_ a b) c d)" },
    { source: "!a && b", tree: "(_&&_ (!_ a) b)" },
    { source: "!!a", tree: "a" },
    { source: "!!!a", tree: "(!_ a)" },
    { source: "-a + b", tree: "(_+_ (-_ a) b)" },
    { source: "--a", tree: "a" },
    { source: "-1", tree: "-1" },
    { source: "a - 1", tree: "(_-_ a 1)" },
    { source: "a -1", tree: "(_-_ a 1)" },
    { source: "- 1 . b", tree: "(.b -1)" },
    { source: "-9223372036854775808", tree: "-9223372036854775808" },
    { source: "!a.b", tree: "(!_ (.b a))" },
  ])("$source", ({ source, tree }) => {
    expect(shown(parsed(source))).toBe(tree);
  });
});

describe("members, calls and literals", () => {
  test.each([
    { source: "a.b.c", tree: "(.c (.b a))" },
    { source: ".a", tree: "a" },
    { source: "a.b[0].c", tree: "(.c (_[_] (.b a) 0))" },
    { source: "a[b][c]", tree: "(_[_] (_[_] a b) c)" },
    { source: "a.?b.?c", tree: "(.?c (.?b a))" },
    { source: "a[?'b']", tree: "(_[?_] a 'b')" },
    { source: "f()", tree: "(f)" },
    { source: "f(a, b)", tree: "(f a b)" },
    { source: "a.f(b)", tree: "(f on a b)" },
    { source: "a.f().g(1)", tree: "(g on (f on a) 1)" },
    { source: "'a'.size()", tree: "(size on 'a')" },
    { source: "[]", tree: "[]" },
    { source: "[1, 2,]", tree: "[1 2]" },
    { source: "{}", tree: "{}" },
    { source: "{'a': 1, 'b': 2,}", tree: "{'a':1 'b':2}" },
    { source: "{'a': {'b': []}}", tree: "{'a':{'b':[]}}" },
    { source: "a.in_b", tree: "(.in_b a)" },
    { source: "a // the rest\n + b", tree: "(_+_ a b)" },
  ])("$source", ({ source, tree }) => {
    expect(shown(parsed(source))).toBe(tree);
  });
});

describe("macros become folds", () => {
  test.each([
    { source: "has(a.b)", tree: "(has.b a)" },
    { source: "has(a)", tree: "(has a)" },
    { source: "a.all(x, x > 0)", tree: "(fold x in a by (_&&_ @result (_>_ x 0)))" },
    { source: "a.exists(x, x)", tree: "(fold x in a by (_||_ @result x))" },
    { source: "a.exists_one(x, x)", tree: "(fold x in a by (_?_:_ x (_+_ @result 1) @result))" },
    { source: "a.map(x, f(x))", tree: "(fold x in a by (_+_ @result [(f x)]))" },
    { source: "a.map(x, x > 1, x)", tree: "(fold x in a by (_?_:_ (_>_ x 1) (_+_ @result [x]) @result))" },
    { source: "a.filter(x, x)", tree: "(fold x in a by (_?_:_ x (_+_ @result [x]) @result))" },
    { source: "a.all(i, x, i < x)", tree: "(fold i,x in a by (_&&_ @result (_<_ i x)))" },
    { source: "a.transformList(i, x, x)", tree: "(fold i,x in a by (_+_ @result [x]))" },
    { source: "a.optMap(x, x)", tree: "(fold x in a by (optional.of x))" },
    { source: "all(x, y)", tree: "(all x y)" },
    { source: "a.all(x)", tree: "(all on a x)" },
    { source: "a.map(x, y, x)", tree: "(fold x in a by (_?_:_ y (_+_ @result [x]) @result))" },
  ])("$source", ({ source, tree }) => {
    expect(shown(parsed(source))).toBe(tree);
  });
});

describe("what can't be parsed is refused at its place", () => {
  test.each([
    { name: "nothing", source: "", position: 0 },
    { name: "half an operation", source: "a +", position: 3 },
    { name: "two operands side by side", source: "a b", position: 2 },
    { name: "an open bracket", source: "(a + b", position: 6 },
    { name: "a bracket too many", source: "a)", position: 1 },
    { name: "a comma at the end of a call", source: "f(a,)", position: 4 },
    { name: "a key without a value", source: "{'a'}", position: 4 },
    { name: "a choice without its other side", source: "a ? b", position: 5 },
    { name: "a member without a name", source: "a.1", position: 1 },
    { name: "a reserved name", source: "for + 1", position: 0 },
    { name: "a macro over something that is no name", source: "a.all(x.y, true)", position: 7 },
    { name: "an int beyond 64 bits", source: "1 + 9223372036854775808", position: 4 },
    { name: "a uint beyond 64 bits", source: "18446744073709551616u", position: 0 },
  ])("$name", ({ source, position }) => {
    expect(parseExpression(source)).toMatchObject({ kind: "unreadable", position });
  });

  test.each([
    { name: "brackets in each other", source: `${"(".repeat(300)}1${")".repeat(300)}` },
    { name: "lists in each other", source: `${"[".repeat(300)}${"]".repeat(300)}` },
    { name: "a long chain of members", source: `a${".b".repeat(600)}` },
    { name: "a long sum", source: `1${" + 1".repeat(600)}` },
    { name: "choices in each other", source: `${"a ? b : ".repeat(600)}c` },
    { name: "a text of 17,000 characters", source: `'${"x".repeat(17_000)}'` },
  ])("$name: too deep or too long", ({ source }) => {
    expect(parseExpression(source)).toMatchObject({
      kind: "unreadable",
      reason: "the expression is too long or too deeply nested",
    });
  });

  test("many operands of one logical operator are no depth", () => {
    expect(parseExpression(`true${" && true".repeat(1500)}`).kind).toBe("parsed");
  });
});

describe("positions", () => {
  const positionOf = (source: string): number => parsed(source).position;

  test.each([
    { name: "of an operator", source: "a  + b", position: 3 },
    { name: "of a member: its dot", source: "a .b", position: 2 },
    { name: "of an index: its bracket", source: "a[0]", position: 1 },
    { name: "of a call: its bracket", source: "abc(1)", position: 3 },
    { name: "of a method: its bracket", source: "a.bc(1)", position: 4 },
    { name: "of a choice: its question mark", source: "a ? b : c", position: 2 },
    { name: "of has(): its bracket", source: "has(a.b)", position: 3 },
    { name: "of a macro: what it goes over", source: "a.all(x, x)", position: 0 },
  ])("$name", ({ source, position }) => {
    expect(positionOf(source)).toBe(position);
  });
});

const leaf = fc.oneof(fc.constantFrom("a", "b", "c"), fc.nat(99).map(String), fc.constant("'t'"));
const sources = fc.letrec<{ source: string }>((tie) => ({
  source: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc
      .tuple(fc.constantFrom("+", "*", "<", "&&", "||", "in"), tie("source"), tie("source"))
      .map(([sign, one, other]) => `(${one} ${sign} ${other})`),
    fc
      .tuple(tie("source"), tie("source"), tie("source"))
      .map(([one, two, three]) => `(${one} ? ${two} : ${three})`),
    fc.array(tie("source"), { maxLength: 3 }).map((items) => `[${items.join(", ")}]`),
    fc.tuple(leaf, tie("source")).map(([name, argument]) => `f${name.length}(${argument}, ${argument})`),
    tie("source").map((one) => `(${one}).b[0]`),
    tie("source").map((one) => `!(${one})`),
  ),
})).source;

test("blanks and brackets change nothing", () => {
  fc.assert(
    fc.property(sources, (source) => {
      const tree = shown(parsed(source));
      expect(shown(parsed(`( ${source.replaceAll(" ", "\n\t ")} )`))).toBe(tree);
    }),
  );
});

test("any source is parsed or refused", () => {
  const pieces = fc.constantFrom(
    "a",
    "1",
    "'t'",
    "+",
    "&&",
    "?",
    ":",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ".",
    ",",
    "has",
    "-",
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 20 }), (given) => {
      expect(["parsed", "unreadable"]).toContain(parseExpression(given.join(" ")).kind);
    }),
  );
});
