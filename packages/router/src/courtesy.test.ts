import { describe, expect, it } from "vitest";
import { mereCourtesy, withoutCourtesy } from "./courtesy.ts";

describe("withoutCourtesy", () => {
  it.each([
    { name: "a greeting", text: "Hi there, my internet is down", expected: "my internet is down" },
    { name: "several", text: "hello! good morning team - please pay my bill", expected: "pay my bill" },
    { name: "thanks at the end", text: "pay my bill please, thank you!", expected: "pay my bill" },
    {
      name: "nothing in the middle",
      text: "say thank you to the team",
      expected: "say thank you to the team",
    },
    {
      name: "nothing of words that begin alike",
      text: "history of solar bills",
      expected: "history of solar bills",
    },
    { name: "a comma before thanks", text: "my bill is wrong, thanks", expected: "my bill is wrong" },
    { name: "nothing of a sentence", text: "there is no connection", expected: "there is no connection" },
    { name: "nothing of a mere greeting", text: "Hello, good morning!", expected: "Hello, good morning!" },
    { name: "nothing of nothing", text: "", expected: "" },
    {
      name: "a German greeting",
      text: "Guten Tag, mein Router ist kaputt",
      expected: "mein Router ist kaputt",
    },
    {
      name: "German thanks and regards",
      text: "bitte die Rechnung senden, vielen Dank und viele Grüße",
      expected: "die Rechnung senden, vielen Dank und",
    },
    {
      name: "a German letter's beginning",
      text: "Sehr geehrte Damen und Herren, meine Rechnung ist falsch. Vielen Dank!",
      expected: "meine Rechnung ist falsch.",
    },
    {
      name: "nothing of a German word that begins alike",
      text: "Bitterfeld ist dunkel",
      expected: "Bitterfeld ist dunkel",
    },
  ])("takes away $name", ({ text, expected }) => {
    expect(withoutCourtesy(text)).toBe(expected);
  });
});

describe("mereCourtesy", () => {
  it.each([
    {
      kind: "greeting",
      texts: [
        "hello",
        "Hello there!",
        "hi",
        "Good morning",
        "hey, how are you today?",
        "hello?? anyone there",
        "Guten Tag",
        "Moin moin!",
        "Grüß Gott",
        "Guten Morgen zusammen",
        "hola!",
        "Buenos días",
      ],
    },
    {
      kind: "thanks",
      texts: [
        "thanks",
        "Thank you so much!",
        "ok great, thanks a lot",
        "thx for your help :)",
        "vielen Dank",
        "Dankeschön, sehr gut",
        "Vielen Dank, Sie haben mir sehr geholfen",
        "merci",
      ],
    },
    {
      kind: "parting",
      texts: [
        "bye",
        "that's all, thanks",
        "that\u2019s it, bye bye",
        "thank you, have a nice day!",
        "Tschüss",
        "super, tschüß",
        "Dankeschön und schönes Wochenende",
        "Auf Wiederhören!",
      ],
    },
  ])("hears a $kind", ({ kind, texts }) => {
    for (const text of texts) expect([text, mereCourtesy(text)]).toEqual([text, kind]);
  });

  it.each([
    { name: "a request after a greeting", text: "hello, where is my parcel" },
    { name: "a word that begins like one", text: "highlights" },
    { name: "a greeting that somebody asks for", text: "how do I say hello in French" },
    { name: "what may be an answer", text: "ok" },
    { name: "several of these", text: "okay then, great" },
    { name: "nothing", text: "" },
    { name: "marks alone", text: "?!" },
    { name: "a name among them", text: "hello Ada" },
    { name: "a number", text: "thanks 48213" },
    { name: "a request after a German greeting", text: "Hallo, mein Router" },
    { name: "what may be a German answer", text: "ja gut" },
    { name: "something long", text: "hello ".repeat(40) },
  ])("hears none in $name", ({ text }) => {
    expect(mereCourtesy(text)).toBeUndefined();
  });

  it("takes no longer for what nearly is one, however long", () => {
    expect(mereCourtesy(`${"thank you and ".repeat(5)}x`)).toBeUndefined();
  });
});
