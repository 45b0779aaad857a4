/** Texts of any characters at all, for property tests. */
import fc from "fast-check";

/** How long they may be. */
export interface TextBounds {
  readonly minLength?: number;
  /** Characters. */
  readonly maxLength?: number;
}

const surrogates = { first: 0xd800, count: 0x800 };

/** A third of them ASCII with its control characters, so that what means something to a parser comes often. */
const codePoint = fc.oneof(
  fc.integer({ min: 0, max: 0x7f }),
  fc.integer({ min: 0, max: 0xfff }),
  fc
    .integer({ min: 0, max: 0x10ffff - surrogates.count })
    .map((index) => (index < surrogates.first ? index : index + surrogates.count)),
);
const character = codePoint.map((code) => String.fromCodePoint(code));

/**
 * Well-formed texts. As `fc.string({ unit: "binary" })`, which takes the better part of a second to set up, in each file of
 * tests: on a busy machine some timed out before their first case.
 */
export function anyText(bounds: TextBounds = {}): fc.Arbitrary<string> {
  return fc.string({ ...bounds, unit: character });
}
