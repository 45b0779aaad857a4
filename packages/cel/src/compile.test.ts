import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Budget } from "./budget.ts";
import { compile } from "./compile.ts";
import { type CelType, dynType, intType, listOf, mapOf, stringType } from "./types.ts";
import { type CelFault, type CelValue, list } from "./values.ts";

const types = new Map<string, CelType>([
  ["items", listOf(intType)],
  ["names", mapOf(stringType, stringType)],
  ["word", stringType],
  ["open", dynType],
]);

function given(size: number): ReadonlyMap<string, CelValue> {
  return new Map<string, CelValue>([
    ["items", list(Array.from({ length: size }, (_, index) => BigInt(index)))],
    ["names", new Map([["a", "b"]])],
    ["word", "a".repeat(size)],
    ["open", 5n],
  ]);
}

function run(source: string, size = 3, limit = 1_000_000): CelValue | CelFault {
  const compiled = compile(source, types);
  if (compiled.kind === "faulty") throw new Error(compiled.message);
  return compiled.program.run(given(size), new Budget(limit));
}

describe("an expression has its value", () => {
  test.each([
    ["a map literal", "{'a': 1, 'b': 2}['b'] == 2"],
    ["an empty literal", "[] == [] && {} == {}"],
    ["a condition", "open == 5 ? true : 1 / 0 == 0"],
    ["a membership of a map", "'a' in names && !('b' in names)"],
    ["a nested fold", "items.map(x, items.map(y, x * y)) == [[0, 0, 0], [0, 1, 2], [0, 2, 4]]"],
    ["a fold over the keys of a map", "names.exists(k, names[k] == 'b')"],
    ["a fault that a later item makes good", "[0, 1].exists(x, 1 / x == 1)"],
    ["a name that hides another", "items.all(word, word < 3)"],
    ["characters beyond the basic plane", "size('😀') == 1 && '😀b'.charAt(1) == 'b'"],
    ["an optional value in a text that looks like one", "word + '.?a[?0]' == 'aaa.?a[?0]'"],
    ["optional items", "items[?7].orValue(9) == 9 && items[?1].value() == 1"],
    ["optFlatMap", "items[?1].optFlatMap(x, items[?x + 1]).value() == 2"],
    ["one of two optional values", "optional.none().or(optional.of(3)).value() == 3"],
    ["existsOne with two variables", "items.existsOne(i, v, i == 1 && v == 1)"],
    ["numbers of several types", "dyn(1) == 1.0 && 1 < 1.5 && 2u > 1"],
    ["the type of a value", "type(open) == int && type('') == string && type(type(1)) == type"],
    ["an IPv6 address", "ip('::1').family() == 6 && ip('::1').isLoopback() && string(ip('0:0::1')) == '::1'"],
    ["a time in a zone", "timestamp('2024-01-01T23:30:00Z').getHours('+02:00') == 1"],
    ["a span of time", "string(duration('90m')) == '5400s' && duration('1.5s').getMilliseconds() == 1500"],
    [
      "quantities of the same size",
      "quantity('1Ki') == quantity('1024') && quantity('1e3') == quantity('1k')",
    ],
    ["formatted values", "'%s %d%% %x'.format([[1, 2], 5, 255]) == '[1, 2] 5% ff'"],
    ["a split with a limit", "'a,b,c'.split(',', 2) == ['a', 'b,c']"],
    ["a replacement with a limit", "'aaa'.replace('a', 'b', 2) == 'bba'"],
    ["a path as a URL", "isURL('/a?b=c') && url('/a?b=c').getEscapedPath() == '/a'"],
  ])("%s", (_name, source) => {
    expect(run(source)).toBe(true);
  });
});

describe("a fault says what went wrong", () => {
  test.each([
    ["a missing key", "names['z'] == ''", "no such key: z"],
    ["a missing item", "items[9] == 1", "index out of bounds: 9"],
    ["an absent value", "optional.none().value() == 1", "optional.none() dereference"],
    ["a key twice", "{'a': 1, 'a': 2}.size() == 1", "Failed with repeated key a"],
    ["a value of another type", "open.startsWith('x')", "no such overload"],
    [
      "a bad format",
      "'%d'.format(['x']) == ''",
      "error during formatting: decimal clause can only be used on integers",
    ],
  ])("%s", (_name, source, message) => {
    expect(run(source)).toMatchObject({ tag: "fault", message });
  });
});

describe("an expression that is too costly is given up", () => {
  test.each([
    ["loops in loops", "items.all(a, items.all(b, items.all(c, a + b + c >= 0)))"],
    ["loops that fail at every step", "items.all(a, items.all(b, items.all(c, a / 0 == b)))"],
    ["a text that grows", "word.replace('', word).replace('', word).replace('', word).size() > 0"],
    [
      "a value that doubles",
      `${"optional.of([word])"}${".optMap(a, [a, a][0] + a)".repeat(60)}.value().size() > 0`,
    ],
    ["lists in lists that are compared", "items.map(x, items) == items.map(x, items)"],
  ])("%s", (_name, source) => {
    expect(run(source, 2000)).toMatchObject({ tag: "fault", isFinal: true });
  });

  test("a pattern on which others backtrack for ever takes no longer than its text", () => {
    expect(run("'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'.find('^(a+)+$') == ''")).toBe(true);
    expect(run("'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'.matches('^(a+)+$')")).toBe(false);
  });

  test.each([
    ["brackets", `${"(".repeat(2000)}1${")".repeat(2000)}`],
    ["a long chain of operators", `1${"+1".repeat(8000)} > 0`],
  ])("%s do not exhaust the stack", (_name, source) => {
    expect(compile(source, types).kind).toBe("faulty");
  });
});

test("whatever is written, compiling it says whether it is an expression", () => {
  const words =
    "self items names open ( ) [ ] { } . .? [? && || ! + - * / % 1 2u 'a' , : ? map all x has".split(" ");
  const source = fc.array(fc.constantFrom(...words), { maxLength: 12 }).map((parts) => parts.join(" "));
  fc.assert(
    fc.property(fc.oneof(source, fc.string()), (text) => {
      const compiled = compile(text, types);
      if (compiled.kind === "faulty") expect(compiled.message).toMatch(/^ERROR: <input>:\d+:\d+: /);
      else compiled.program.run(given(3), new Budget(10_000));
    }),
  );
});
