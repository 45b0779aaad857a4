import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { beginsAnew, corrects, goesOn, refersBack, withoutDenied } from "./topic-change.ts";

describe("beginsAnew", () => {
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
    expect(beginsAnew(message)).toBe(true);
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
    expect(beginsAnew(message)).toBe(false);
  });

  it("does not care about case, nor about what follows", () => {
    fc.assert(
      fc.property(fc.string(), (rest) => {
        expect(beginsAnew(`BY THE WAY, ${rest}`)).toBe(true);
      }),
    );
  });
});

describe("goesOn", () => {
  it.each([
    "and in April?",
    "And on Saturday?",
    "or the blue one",
    "But not before noon",
    "then for two, please",
    "What about the garage?",
    "how about later",
    "  and both?",
    "in April",
    "To which account?",
    "with the dog?",
    "As soon as possible",
    "until when exactly?",
  ])("hears '%s' as the end of another sentence", (message) => {
    expect(goesOn(message)).toBe(true);
  });

  it.each([
    { name: "nothing", message: "" },
    { name: "a fragment that is tied to nothing", message: "the blue one" },
    { name: "a preposition inside", message: "a seat in the front" },
    { name: "a word that begins like a preposition", message: "Invoices, please" },
    { name: "a preposition before a sentence", message: "on Monday I was charged twice" },
    { name: "a preposition that begins anew", message: "by the way, a bigger contract" },
    { name: "another one that does", message: "Before that: the old address" },
    { name: "a conjunction inside", message: "salt and pepper" },
    { name: "a word that begins like a conjunction", message: "Andrea at noon" },
    { name: "a question of its own", message: "and is my parcel late?" },
    { name: "a wish", message: "And I also want to cancel" },
    { name: "a short form", message: "and it's broken" },
    { name: "a short form with a curved apostrophe", message: "but we\u2019ll see" },
    { name: "a denial", message: "but don't send it" },
  ])("hears no such thing in $name", ({ message }) => {
    expect(goesOn(message)).toBe(false);
  });

  it("is a matter of the start: what follows a whole sentence changes nothing", () => {
    fc.assert(
      fc.property(fc.string(), (rest) => {
        expect(goesOn(`I would like ${rest}`)).toBe(false);
      }),
    );
  });
});

describe("corrects", () => {
  it.each([
    "no, my landline",
    "No no, a savings account",
    "sorry, 5521",
    "oh wait, I found it",
    "ok, actually the other one",
    "I mean Friday next week",
    "wait no, I meant Porto",
    "nein, ich meinte das Handy",
    "ach nein, lieber morgen",
    "Moment, das war falsch",
  ])("hears in “%s” that something is put right", (message) => {
    expect(corrects(message)).toBe(true);
  });

  it.each([
    { name: "nothing", message: "" },
    { name: "a plain wish", message: "I need a loan" },
    { name: "a word inside", message: "there is no connection" },
    { name: "a word that begins alike", message: "Norway in May" },
    { name: "an excuse before a request", message: "the waiting room is cold" },
  ])("hears no such thing in $name", ({ message }) => {
    expect(corrects(message)).toBe(false);
  });
});

describe("withoutDenied", () => {
  it.each([
    { name: "at the beginning", message: "not my address, my business", rest: "my business" },
    {
      name: "in the middle",
      message: "no, not the results, I mean did my insurance pay",
      rest: "no, I mean did my insurance pay",
    },
    {
      name: "in German",
      message: "nicht die Rechnung, der Vertrag läuft aus",
      rest: "der Vertrag läuft aus",
    },
    { name: "twice", message: "not the bill, not the card, but an account", rest: "but an account" },
  ])("takes away what is denied $name", ({ message, rest }) => {
    expect(withoutDenied(message)).toBe(rest);
  });

  it.each([
    { name: "nothing where nothing else is said", message: "not the blue one, please" },
    { name: "nothing of a sentence", message: "it is not the router, it is the cable" },
    { name: "nothing at the end", message: "my card, not my account" },
    { name: "nothing of a question", message: "not the same day? why is that" },
    { name: "nothing of nothing", message: "" },
  ])("takes away $name", ({ message }) => {
    expect(withoutDenied(message)).toBe(message);
  });

  it("never makes a message longer", () => {
    fc.assert(
      fc.property(fc.string(), (message) => {
        expect(withoutDenied(`not the bill, ${message}`).length).toBeLessThanOrEqual(message.length + 14);
      }),
    );
  });
});

describe("refersBack", () => {
  it.each([
    "how much is it again",
    "It's still blinking",
    "it\u2019s 312",
    "when do they arrive",
    "can you send them to work",
    "what does that cost?",
    "is this for two",
    "I'll take those.",
    "and that?",
    "that",
    "does this work with a card",
  ])("hears in '%s' what was said before", (message) => {
    expect(refersBack(message)).toBe(true);
  });

  it.each([
    { name: "nothing", message: "" },
    { name: "a noun with its word", message: "that parcel never came" },
    { name: "a noun of many", message: "those shoes in blue" },
    { name: "a clause", message: "I heard that you sell bikes" },
    { name: "words that contain one", message: "items with a bit of thistle" },
    { name: "a plain wish", message: "I need a loan" },
  ])("hears no such thing in $name", ({ message }) => {
    expect(refersBack(message)).toBe(false);
  });

  it("doesn't depend on what stands around the word", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        expect(refersBack(`${before} it ${after}`)).toBe(true);
      }),
    );
  });
});
