import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bondOf } from "./topic-change.ts";

describe("bondOf", () => {
  it.each([
    "By the way, where is my parcel?",
    "btw the wifi is slow",
    "Something else: my bill",
    "Anything else? Yes, my password.",
    "One more thing, the router",
    "Another question about the contract",
    "A different topic: roaming",
    "Never mind, cancel my order",
    "nevermind, show my bill",
    "Meanwhile my television is dark",
    "Speaking of Monday, am I free?",
    "I also need a new card",
    "Besides, who pays for it?",
  ])("hears that '%s' begins something new", (message) => {
    expect(bondOf(message)).toBe("leaves");
  });

  it.each([
    "",
    "and when?",
    "the other one please",
    "yes, that one",
    "is that also free?",
    "I will be there at one",
    "something is wrong with it",
    "beside the door",
    "how long will that take?",
  ])("hears nothing of it in '%s'", (message) => {
    expect(bondOf(message)).toBe("stays");
  });

  it("does not care about case, nor about what follows", () => {
    fc.assert(
      fc.property(fc.string(), (rest) => {
        expect(bondOf(`BY THE WAY, ${rest}`)).toBe("leaves");
      }),
    );
  });
});
