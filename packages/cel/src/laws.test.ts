/** What holds of CEL whatever the values are, against plain models of it. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Budget } from "./budget.ts";
import { compile } from "./compile.ts";
import { intType, listOf, stringType } from "./types.ts";
import { type CelFault, type CelValue, isFault, list } from "./values.ts";

const types = new Map([
  ["a", intType],
  ["b", intType],
  ["items", listOf(intType)],
  ["word", stringType],
  ["part", stringType],
]);

function run(
  source: string,
  given: Readonly<Record<string, CelValue>>,
  budget = new Budget(1_000_000),
): CelValue | CelFault {
  const compiled = compile(source, types);
  if (compiled.kind === "faulty") throw new Error(compiled.message);
  return compiled.program.run(new Map(Object.entries(given)), budget);
}

/** Faults are all alike here: whether there is a value is what counts. */
function outcome(value: CelValue | CelFault): CelValue | "fault" {
  return isFault(value) ? "fault" : value;
}

const int = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -5n, max: 5n }),
  fc.constantFrom(-(2n ** 63n), 2n ** 63n - 1n),
);
const within = (value: bigint): bigint | "fault" => (BigInt.asIntN(64, value) === value ? value : "fault");

describe("ints", () => {
  it.each<{ readonly operator: string; readonly model: (a: bigint, b: bigint) => bigint | "fault" }>([
    { operator: "+", model: (a, b) => within(a + b) },
    { operator: "-", model: (a, b) => within(a - b) },
    { operator: "*", model: (a, b) => within(a * b) },
    { operator: "/", model: (a, b) => (b === 0n ? "fault" : within(a / b)) },
  ])("$operator within 64 bits, and a fault beyond them", ({ operator, model }) => {
    fc.assert(
      fc.property(int, int, (a, b) => {
        expect(outcome(run(`a ${operator} b`, { a, b }))).toBe(model(a, b));
      }),
    );
  });

  it("are what is left of a division", () => {
    fc.assert(
      fc.property(
        int,
        int.filter((b) => b !== 0n && b !== -1n),
        (a, b) => {
          expect(run("a / b * b + a % b == a", { a, b })).toBe(true);
        },
      ),
    );
  });

  it("survive being written and read", () => {
    fc.assert(
      fc.property(int, (a) => {
        expect(run("int(string(a)) == a", { a })).toBe(true);
      }),
    );
  });

  it("are in one order with each other, and with doubles", () => {
    fc.assert(
      fc.property(int, int, (a, b) => {
        const signs = ["a < b", "a == b", "a > b"].map((source) => run(source, { a, b }));
        expect(signs.filter((sign) => sign === true)).toHaveLength(1);
        expect(run("a < double(b)", { a, b })).toBe(Number(a) < Number(b));
      }),
    );
  });
});

describe("truth", () => {
  const truth = fc.constantFrom("true", "false", "1 / 0 == 1");
  const model = (one: string, other: string, decisive: string): boolean | "fault" => {
    if (one === decisive || other === decisive) return decisive === "true";
    return [one, other].includes("1 / 0 == 1") ? "fault" : decisive !== "true";
  };

  it.each([
    { operator: "&&", decisive: "false" },
    { operator: "||", decisive: "true" },
  ])(
    "$operator makes a fault good where the other side decides, on either side",
    ({ operator, decisive }) => {
      fc.assert(
        fc.property(truth, truth, (one, other) => {
          expect(outcome(run(`(${one}) ${operator} (${other})`, {}))).toBe(model(one, other, decisive));
        }),
      );
    },
  );
});

describe("macros do what lists of JavaScript do", () => {
  const items = fc.array(fc.bigInt({ min: -3n, max: 3n }), { maxLength: 8 });

  it.each<{ readonly source: string; readonly model: (items: readonly bigint[]) => unknown }>([
    { source: "items.all(x, x > 0)", model: (given) => given.every((x) => x > 0n) },
    { source: "items.exists(x, x > 0)", model: (given) => given.some((x) => x > 0n) },
    { source: "items.exists_one(x, x > 0)", model: (given) => given.filter((x) => x > 0n).length === 1 },
    { source: "items.filter(x, x > 0)", model: (given) => list(given.filter((x) => x > 0n)) },
    { source: "items.map(x, x * 2)", model: (given) => list(given.map((x) => x * 2n)) },
    {
      source: "items.map(x, x > 0, x * 2)",
      model: (given) => list(given.filter((x) => x > 0n).map((x) => x * 2n)),
    },
    { source: "items.all(i, x, items[i] == x)", model: () => true },
    { source: "items.sum()", model: (given) => given.reduce((sum, x) => sum + x, 0n) },
    { source: "size(items + items)", model: (given) => BigInt(given.length * 2) },
  ])("$source", ({ source, model }) => {
    fc.assert(
      fc.property(items, (given) => {
        expect(run(source, { items: list(given) })).toEqual(model(given));
      }),
    );
  });

  it.each([
    { macro: "all", decisive: false },
    { macro: "exists", decisive: true },
  ])("a fault within $macro counts only where no item decides", ({ macro, decisive }) => {
    fc.assert(
      fc.property(items, (given) => {
        const values = given.map((x) => (x === 0n ? "fault" : 6n / x > 2n));
        const expected = values.includes(decisive)
          ? decisive
          : values.includes("fault")
            ? "fault"
            : !decisive;
        expect(outcome(run(`items.${macro}(x, 6 / x > 2)`, { items: list(given) }))).toBe(expected);
      }),
    );
  });
});

describe("texts", () => {
  const word = fc.string({ unit: "grapheme", maxLength: 12 });

  it("are counted and cut in characters, wherever they are cut", () => {
    fc.assert(
      fc.property(word, fc.nat(12), (text, at) => {
        const letters = [...text];
        const cut = Math.min(at, letters.length);
        expect(run("size(word)", { word: text })).toBe(BigInt(letters.length));
        expect(run("word.substring(0, a) + word.substring(a) == word", { word: text, a: BigInt(cut) })).toBe(
          true,
        );
        expect(run("word.charAt(a)", { word: text, a: BigInt(cut) })).toBe(letters[cut] ?? "");
      }),
    );
  });

  it("are found where they are, and nowhere else", () => {
    fc.assert(
      fc.property(word, word, (text, part) => {
        const at = run("word.indexOf(part)", { word: text, part });
        const before = text.indexOf(part);
        const inUnits = [...text].join("").slice(0, Math.max(before, 0));
        expect(at).toBe(before < 0 ? -1n : BigInt([...inUnits].length));
        expect(run("word.contains(part)", { word: text, part })).toBe(before >= 0);
      }),
    );
  });

  it("come together again after they were split", () => {
    fc.assert(
      fc.property(word, word, (text, part) => {
        expect(run("word.split(part).join(part) == word", { word: text, part })).toBe(true);
      }),
      { examples: [["a", ""]] },
    );
  });

  it("survive being bytes", () => {
    fc.assert(
      fc.property(word, (text) => {
        expect(run("string(bytes(word)) == word", { word: text })).toBe(true);
      }),
    );
  });
});

describe("times", () => {
  const nanoseconds = fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n });

  it("survive being written and read, to the nanosecond", () => {
    fc.assert(
      fc.property(nanoseconds, (a) => {
        const source =
          "timestamp(string(timestamp(a / 1000) + duration(string(a % 1000) + 'ms'))) == timestamp(a / 1000) + duration(string(a % 1000) + 'ms')";
        expect(run(source, { a: a / 10n ** 9n })).toBe(true);
      }),
    );
  });

  it("go there and back by a span", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 2n ** 31n }),
        fc.bigInt({ min: -(2n ** 31n), max: 2n ** 31n }),
        (a, b) => {
          const span = "duration(string(b) + 'ns')";
          expect(run(`timestamp(a) + ${span} - ${span} == timestamp(a)`, { a, b })).toBe(true);
          expect(run(`timestamp(a) + ${span} - timestamp(a) == ${span}`, { a, b })).toBe(true);
        },
      ),
    );
  });

  it("have the parts that a date of JavaScript has", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -62_135_596_800n, max: 253_402_300_799n }), (a) => {
        const date = new Date(Number(a) * 1000);
        const source =
          "[timestamp(a).getFullYear(), timestamp(a).getMonth(), timestamp(a).getDate(), timestamp(a).getDayOfWeek(), timestamp(a).getHours(), timestamp(a).getMinutes(), timestamp(a).getSeconds()]";
        const parts = [
          date.getUTCFullYear(),
          date.getUTCMonth(),
          date.getUTCDate(),
          date.getUTCDay(),
          date.getUTCHours(),
          date.getUTCMinutes(),
          date.getUTCSeconds(),
        ];
        expect(run(source, { a })).toEqual(list(parts.map(BigInt)));
      }),
    );
  });
});

describe("a budget", () => {
  it.each([
    "items.all(x, x < 100)",
    "items.map(x, items.map(y, x + y)).size() > 0",
    "word.contains(part) || a < b",
    "string(a) + word",
  ])(
    "is what a run costs: with one less it has no value, and no more is spent than there is a use for: %s",
    (source) => {
      fc.assert(
        fc.property(
          fc.array(fc.bigInt({ min: 0n, max: 9n }), { maxLength: 20 }),
          fc.string({ maxLength: 40 }),
          (items, word) => {
            const given = { items: list(items), word, part: "x", a: 1n, b: 2n };
            const budget = new Budget(100_000);
            const value = run(source, given, budget);
            const cost = 100_000 - budget.left;
            expect(isFault(value)).toBe(false);
            expect(run(source, given, new Budget(cost))).toEqual(value);
            expect(run(source, given, new Budget(cost - 1))).toMatchObject({ tag: "fault", isFinal: true });
          },
        ),
      );
    },
  );
});
