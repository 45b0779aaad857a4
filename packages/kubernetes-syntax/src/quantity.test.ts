import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseQuantity, quantityScale } from "./quantity.ts";

describe("an amount", () => {
  test.each([
    { text: "1", billionths: 1_000_000_000n },
    { text: "0", billionths: 0n },
    { text: "+2", billionths: 2_000_000_000n },
    { text: "-2", billionths: -2_000_000_000n },
    { text: "1.5", billionths: 1_500_000_000n },
    { text: ".5", billionths: 500_000_000n },
    { text: "5.", billionths: 5_000_000_000n },
    { text: "500m", billionths: 500_000_000n },
    { text: "100u", billionths: 100_000n },
    { text: "3n", billionths: 3n },
    { text: "1k", billionths: 1_000n * quantityScale },
    { text: "1M", billionths: 1_000_000n * quantityScale },
    { text: "2G", billionths: 2_000_000_000n * quantityScale },
    { text: "1T", billionths: 10n ** 12n * quantityScale },
    { text: "1P", billionths: 10n ** 15n * quantityScale },
    { text: "1E", billionths: 10n ** 18n * quantityScale },
    { text: "1Ki", billionths: 1_024n * quantityScale },
    { text: "1.5Gi", billionths: 1_610_612_736n * quantityScale },
    { text: "1Ei", billionths: 1_152_921_504_606_846_976n * quantityScale },
    { text: "1e3", billionths: 1_000n * quantityScale },
    { text: "1E-3", billionths: 1_000_000n },
    { text: "12e+2", billionths: 1_200n * quantityScale },
  ])("$text", ({ text, billionths }) => {
    expect(parseQuantity(text)).toBe(billionths);
  });

  test.each([
    { name: "nothing", text: "" },
    { name: "a sign alone", text: "-" },
    { name: "a point alone", text: "." },
    { name: "a blank before the unit", text: "1 Gi" },
    { name: "an unknown unit", text: "1X" },
    { name: "a unit of another spelling", text: "1ki" },
    { name: "two points", text: "1.2.3" },
    { name: "a unit and an exponent", text: "1e3Ki" },
    { name: "a word", text: "much" },
  ])("$name is none", ({ text }) => {
    expect(parseQuantity(text)).toBeUndefined();
  });

  test("smaller than a billionth is rounded up", () => {
    expect([parseQuantity("0.1n"), parseQuantity("1.0000000001")]).toEqual([1n, 1_000_000_001n]);
  });

  test("is the same written with a decimal point or in a smaller unit", () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), (thousandths) => {
        const text = `${Math.trunc(thousandths / 1000)}.${String(thousandths % 1000).padStart(3, "0")}`;
        expect(parseQuantity(text)).toBe(parseQuantity(`${thousandths}m`));
      }),
    );
  });

  test("grows with its digits", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.constantFrom("", "m", "k", "Mi", "e2"), (one, other, unit) => {
        const [left = 0n, right = 0n] = [parseQuantity(`${one}${unit}`), parseQuantity(`${other}${unit}`)];
        expect(left < right).toBe(one < other);
      }),
    );
  });
});
