import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readingsOf } from "./readings.ts";

describe("readingsOf", () => {
  it.each([
    { name: "a plain message", message: "where is my order", readings: ["where is my order"] },
    {
      name: "a transition before it",
      message: "Thanks! Next one: may I hire the hall?",
      readings: ["may I hire the hall?"],
    },
    {
      name: "a transition after it",
      message: "I need a new pass, by the way.",
      readings: ["I need a new pass"],
    },
    {
      name: "several of them",
      message: "Ok. And also, by the way, where is my parcel?",
      readings: ["where is my parcel?"],
    },
    {
      name: "sentences",
      message: "My mail is new. Can you change that?",
      readings: ["My mail is new. Can you change that?", "My mail is new.", "Can you change that?"],
    },
    {
      name: "clauses, of which short ones say too little",
      message: "we land late, so what, is the desk open?",
      readings: ["we land late, so what, is the desk open?", "we land late", "is the desk open?"],
    },
    { name: "nothing but transitions", message: "Thanks, ok then.", readings: ["Thanks, ok then."] },
    { name: "an empty message", message: "", readings: [""] },
  ])("reads $name", ({ message, readings }) => {
    expect(readingsOf(message)).toEqual(readings);
  });

  it("gives one to six different readings of any text, none longer than it", () => {
    const piece = fc.constantFrom(
      "ok",
      "thanks",
      ", ",
      ". ",
      "by the way",
      "the old tree fell down",
      " ",
      "!",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const message = pieces.join(" ");
        const readings = readingsOf(message);
        expect(readings.length).toBeGreaterThanOrEqual(1);
        expect(readings.length).toBeLessThanOrEqual(6);
        expect(new Set(readings).size).toBe(readings.length);
        for (const reading of readings) expect(reading.length).toBeLessThanOrEqual(message.length);
      }),
    );
  });

  it("takes no time over a long run of marks", () => {
    const message = `${",".repeat(20_000)} then${" ".repeat(20_000)}also`;
    expect(readingsOf(message).length).toBeGreaterThanOrEqual(1);
  });
});
