import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { writtenOut } from "./chat-spelling.ts";

describe("writtenOut", () => {
  it.each([
    { text: "r u open tmrw?", written: "are you open tomorrow?" },
    { text: "can u send ur msg, pls", written: "can you send your message, please" },
    { text: "i wanna move my appt 2day.", written: "i want to move my appointment today." },
    { text: "is it u?", written: "is it you?" },
    { text: "cuz ppl gotta wait", written: "because people have to wait" },
  ])("reads “$text” as “$written”", ({ text, written }) => {
    expect(writtenOut(text)).toBe(written);
  });

  it.each([
    "",
    "where is my order",
    "the next U-Bahn",
    "u-bahn or s-bahn",
    "r&b concert",
    "a.r. smith",
    "Vitamin R and U",
    "r2d2",
    "u.s. dollars",
    "urgent message",
    "o'r",
  ])("leaves “%s”", (text) => {
    expect(writtenOut(text)).toBe(text);
  });

  it("is done after once", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("u", "r", "tmrw", "wanna", "you", ",", "-", ".", "bill")),
        (words) => {
          const written = writtenOut(words.join(" "));
          expect(writtenOut(written)).toBe(written);
        },
      ),
    );
  });
});
