import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashSeed, mixUnit, TermTable } from "./term-table.ts";

const enter = (table: TermTable, term: string): number => table.enter(term, 0, term.length);

/** Looked up in the middle of other units. */
function find(table: TermTable, term: string): number | undefined {
  const units = Uint16Array.from({ length: term.length + 2 }, (_, i) => `<${term}>`.charCodeAt(i));
  const hash = units.subarray(1, -1).reduce((mixed, unit) => mixUnit(mixed, unit), hashSeed);
  const number = table.findUnits(units, 1, term.length + 1, hash);
  return number < 0 ? undefined : number;
}

/** Few letters, so that terms come twice; all code units, half pairs too. */
const term = fc.oneof(
  fc.string({ unit: fc.constantFrom("a", "b", " "), maxLength: 5 }),
  fc.string({ unit: "binary", maxLength: 8 }),
);

describe("TermTable", () => {
  it("numbers terms like a map of texts would, whatever they are", () => {
    fc.assert(
      fc.property(fc.array(term, { maxLength: 400 }), fc.array(term), (terms, others) => {
        const table = new TermTable();
        const expected = new Map<string, number>();
        for (const each of terms) {
          if (!expected.has(each)) expected.set(each, expected.size);
          expect(enter(table, each)).toBe(expected.get(each));
        }
        expect(table.size).toBe(expected.size);
        for (const each of [...terms, ...others]) {
          expect(find(table, each)).toBe(expected.get(each));
          expect(table.find(each)).toBe(expected.get(each) ?? -1);
        }
      }),
    );
  });

  it("is the same when it gives memory back, and grows again", () => {
    fc.assert(
      fc.property(fc.uniqueArray(term, { maxLength: 200 }), fc.nat(200), (terms, trimmedAfter) => {
        const [table, plain] = [new TermTable(), new TermTable()];
        for (const [i, each] of terms.entries()) {
          expect(enter(table, each)).toBe(enter(plain, each));
          if (i === trimmedAfter) table.trim();
        }
        table.trim();
        expect(table.size).toBe(plain.size);
        for (const each of [...terms, "none of them"]) {
          expect(find(table, each)).toBe(find(plain, each));
          expect(enter(table, each)).toBe(enter(plain, each));
        }
      }),
    );
  });

  it("takes a term from the middle of a text", () => {
    const table = new TermTable();
    expect(table.enter("pay my bill", 4, 6)).toBe(0);
    expect(table.enter("is it my turn", 6, 8)).toBe(0);
    expect(find(table, "my")).toBe(0);
    expect(find(table, "my ")).toBeUndefined();
    expect(table.size).toBe(1);
  });

  it("keeps its numbers while it grows", () => {
    const table = new TermTable();
    const terms = Array.from({ length: 10_000 }, (_, i) => `term number ${i}`);
    for (const each of terms) enter(table, each);
    expect(terms.map((each) => find(table, each))).toEqual(terms.map((_, i) => i));
  });

  it.each([
    { name: "nothing", text: "" },
    { name: "one letter", text: "a" },
    { name: "more than the first array holds", text: "long ".repeat(1000) },
    { name: "letters beyond the first plane", text: "🤷🏽‍♀️" },
  ])("knows a term of $name", ({ text }) => {
    const table = new TermTable();
    enter(table, "another");
    expect(enter(table, text)).toBe(1);
    expect(find(table, text)).toBe(1);
  });

  it("can be copied, and does not grow with its copy", () => {
    fc.assert(
      fc.property(fc.uniqueArray(term), fc.array(term), (known, added) => {
        const first = new TermTable();
        for (const each of known) enter(first, each);
        const second = first.copy();
        for (const each of added) enter(second, each);
        expect(first.size).toBe(known.length);
        expect(known.map((each) => find(second, each))).toEqual(known.map((_, i) => i));
        expect(second.size).toBe(new Set([...known, ...added]).size);
      }),
    );
  });
});
