/** Ranges against npm's own reading, and intervals of Ivy and Maven against plain comparison, for ranges that nobody wrote down. */
import fc from "fast-check";
import { compare, Range, satisfies } from "semver";
import { expect, it } from "vitest";
import { isRange, parseRange } from "./range.ts";
import { isVersion, parseVersion } from "./version.ts";

const part = fc.nat({ max: 3 });
const release = fc.tuple(part, part, part).map((parts) => parts.join("."));
const version = fc
  .tuple(release, fc.constantFrom("", "", "", "-rc.1", "-alpha", "+build.5"))
  .map(([text, suffix]) => text + suffix);
const partial = fc.oneof(
  release,
  fc.tuple(part, part).map((parts) => parts.join(".")),
  part.map(String),
);
const comparator = fc.oneof(
  fc.tuple(fc.constantFrom("", "^", "~", ">", ">=", "<", "<=", "="), partial).map(([sign, of]) => sign + of),
  fc.tuple(release, release).map(([from, to]) => `${from} - ${to}`),
  fc.constantFrom("*", "1.x", "2.1.*", ">=1.0.0-rc.1"),
);
const npmRange = fc.array(comparator, { minLength: 1, maxLength: 3 }).chain((comparators) =>
  // A hyphen range stands alone in its alternative: npm has no other way to write it.
  fc.constantFrom(
    comparators.join(" || "),
    comparators.filter((one) => !one.includes(" - ")).join(" ") || "*",
  ),
);

function includes(range: string, text: string): boolean | undefined {
  const parsed = parseVersion(text);
  return parsed === undefined ? undefined : parseRange(range)?.includes(parsed);
}

it("reads each alternative as npm does, or calls the range invalid where npm finds that nothing fits", () => {
  fc.assert(
    fc.property(npmRange, version, (range, text) => {
      // One at a time: beside `*` npm forgets the alternatives that name a pre-release.
      const fits = range.split("||").some((alternative) => satisfies(text, alternative));
      expect(includes(range, text) ?? false).toBe(fits);
    }),
    { numRuns: 1000 },
  );
});

it("reads an interval as its bounds say, for releases", () => {
  const interval = fc.record({
    open: fc.constantFrom("[", "]", "("),
    from: fc.option(release),
    to: fc.option(release),
    close: fc.constantFrom("[", "]", ")"),
    at: release,
  });
  fc.assert(
    fc.property(interval, ({ open, from, to, close, at }) => {
      const text = `${open}${from ?? ""},${to ?? ""}${close}`;
      const fitsFrom = from === null || compare(at, from) >= (open === "[" ? 0 : 1);
      const fitsTo = to === null || compare(at, to) <= (close === "]" ? 0 : -1);
      // A range that nothing can satisfy is invalid, and includes nothing.
      expect(includes(text, at) ?? false).toBe(fitsFrom && fitsTo);
    }),
    { numRuns: 1000 },
  );
});

it("does not care for blanks within an interval or around a range", () => {
  fc.assert(
    fc.property(release, release, version, (from, to, text) => {
      expect(includes(` [ ${from} , ${to} ] `, text)).toBe(includes(`[${from},${to}]`, text));
    }),
  );
});

it("has a lower bound that is inside, and nothing below it is", () => {
  fc.assert(
    fc.property(npmRange, release, (range, text) => {
      const parsed = parseRange(range);
      const at = parseVersion(text);
      if (parsed === undefined || at === undefined) return;
      expect(parsed.includes(parsed.lowerBound)).toBe(true);
      if (at.compare(parsed.lowerBound) < 0) expect(parsed.includes(at)).toBe(false);
    }),
  );
});

it("takes the alternatives that can be satisfied where others can't", () => {
  expect(includes("0.0.1 - 0.0.0 || 0.0.2 - 0.1.0", "0.0.2")).toBe(true);
  expect(parseRange(">2.0.0 <1.0.0 || ^1.2.0")?.lowerBound.version).toBe("1.2.0");
});

it("throws for no text, and calls a long one invalid", () => {
  const text = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 400 }),
    fc.string({ unit: fc.constantFrom(..."[](),.|&^~<>= -+*xvX0129abrc"), maxLength: 400 }),
  );
  fc.assert(
    fc.property(text, (any) => {
      expect(typeof isRange(any)).toBe("boolean");
      expect(typeof isVersion(any)).toBe("boolean");
      if (any.length > 256) expect(isRange(any)).toBe(false);
    }),
    { numRuns: 2000 },
  );
});

it("agrees with npm on whether a range of npm can be read at all", () => {
  const text = fc.string({ unit: fc.constantFrom(..."^~<>= 0123.x*-"), minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(text, (any) => {
      if (any.trim() === "") return;
      if (isRange(any)) expect(() => new Range(any)).not.toThrow();
    }),
    { numRuns: 2000 },
  );
});
