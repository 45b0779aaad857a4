import { backgroundSentences } from "@lmos/ranking";
import { describe, expect, it } from "vitest";
import { spokenLanguageOf } from "./conversation-language.ts";
import { germanSentences } from "./german-sentences.ts";

const languageOf = (...messages: readonly string[]) =>
  spokenLanguageOf(messages.map((content) => ({ role: "user", content })));
const shareOf = (sentences: readonly string[], tag: string | undefined): number =>
  sentences.filter((sentence) => languageOf(sentence) === tag).length / sentences.length;

describe("the language of a conversation", () => {
  it.each([
    { name: "an English question", said: ["where is my order"], is: "en" },
    { name: "a German question", said: ["wo ist meine Bestellung"], is: "de" },
    { name: "two words", said: ["Rechnung bitte"], is: "de" },
    { name: "words that both have", said: ["bin day", "so im Hotel"], is: undefined },
    { name: "a German name in an English sentence", said: ["I want to see the film das Boot"], is: "en" },
    { name: "as much of both", said: ["my Rechnung bitte"], is: undefined },
    { name: "hi", said: ["hi"], is: undefined },
    { name: "a good evening", said: ["Schönen guten Abend"], is: "de" },
    { name: "a number after German", said: ["meine Nummer?", "4711"], is: "de" },
    { name: "German after English", said: ["hello", "ich möchte kündigen"], is: "de" },
    { name: "English after German", said: ["ich möchte kündigen", "can you help me"], is: "en" },
    { name: "French", said: ["je veux annuler le contrat"], is: undefined },
    { name: "Dutch with one word that German has", said: ["wie kan mij nu snel helpen"], is: undefined },
    { name: "nothing", said: [], is: undefined },
    { name: "no words", said: ["", "👍"], is: undefined },
  ])("is $is for $name", ({ said, is }) => {
    expect(languageOf(...said)).toBe(is);
  });

  it("is the user's: what agents answer does not count", () => {
    const messages = [
      { role: "user", content: "wo ist mein Paket" },
      { role: "assistant", content: "Where do you live?" },
      { role: "user", content: "Hamburg" },
    ];
    expect(spokenLanguageOf(messages)).toBe("de");
  });

  it("is told of most everyday sentences, and never wrongly", () => {
    expect(shareOf(backgroundSentences, "de")).toBe(0);
    expect(shareOf(germanSentences, "en")).toBe(0);
    expect(shareOf(backgroundSentences, "en")).toBeGreaterThan(0.8);
    expect(shareOf(germanSentences, "de")).toBeGreaterThan(0.9);
  });

  it("does not read long messages to their end, nor long conversations to their beginning", () => {
    expect(languageOf(`${"x ".repeat(1000)}wo ist mein Paket`)).toBeUndefined();
    expect(languageOf("wo ist mein Paket", ..."12345")).toBeUndefined();
  });
});
