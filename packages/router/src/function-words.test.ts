import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { namesNothing } from "./function-words.ts";

describe("namesNothing", () => {
  it.each([
    "and how long does that take?",
    "How much is it again",
    "when do I get it back",
    "what\u2019s the next one",
    "yes please",
    "I DON'T KNOW",
    "and on the 3. of... no, 4?",
  ])("is true of '%s'", (message) => {
    expect(namesNothing(message)).toBe(true);
  });

  it.each([
    { name: "nothing at all", message: "" },
    { name: "marks and numbers", message: "12?!" },
    { name: "a noun", message: "how much is the parcel" },
    { name: "a day", message: "and on Sunday?" },
    { name: "a place", message: "what about Rome" },
    { name: "another language", message: "et demain" },
  ])("is false of $name", ({ message }) => {
    expect(namesNothing(message)).toBe(false);
  });

  it("is false once anything is named", () => {
    fc.assert(
      fc.property(fc.constantFrom("how long is it", "", "and when"), (before) => {
        expect(namesNothing(`${before} mortgage`)).toBe(false);
      }),
    );
  });
});
