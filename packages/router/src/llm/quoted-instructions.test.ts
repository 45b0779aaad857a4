import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quotesInstructions } from "./quoted-instructions.ts";

const instructions = [
  "You route a user's message to the one capability that should handle it.",
  'Answer with JSON only: {"id": "<id of the best candidate>"}, or {"id": "none"} when no candidate handles it.',
].join("\n");

describe("a text quotes the instructions", () => {
  it.each([
    { name: "as they are", text: instructions },
    { name: "a sentence of them", text: "You route a user's message to the one capability." },
    { name: "five words of them", text: "Is it: the one capability that should?" },
    { name: "in other letters", text: "YOU ROUTE A USER'S MESSAGE?" },
    { name: "with other marks between", text: "you - route, a; user, s: message" },
    { name: "across lines", text: "should handle it\n\nanswer with?" },
    { name: "in wide letters", text: "ｙｏｕ ｒｏｕｔｅ ａ user's message" },
  ])("$name", ({ text }) => {
    expect(quotesInstructions(text, instructions)).toBe(true);
  });

  it.each([
    { name: "nothing", text: "" },
    { name: "four words of them", text: "the one capability that is free?" },
    { name: "the same words in another order", text: "message a route user s you to" },
    { name: "a question to the user", text: "Do you mean your bill, or the delivery of your order?" },
    { name: "one about a message", text: "Shall I handle your message about the invoice or the contract?" },
  ])("not where it has $name", ({ text }) => {
    expect(quotesInstructions(text, instructions)).toBe(false);
  });

  it("wherever five words of them stand in it", () => {
    const words = instructions.match(/[\p{L}\p{N}]+/gu) ?? [];
    const start = fc.nat(words.length - 5);
    fc.assert(
      fc.property(fc.string(), start, fc.string(), (before, at, after) =>
        quotesInstructions(`${before} ${words.slice(at, at + 5).join(" ")} ${after}`, instructions),
      ),
    );
  });

  it("of none never", () => {
    fc.assert(fc.property(fc.string(), (text) => !quotesInstructions(text, "")));
  });
});
