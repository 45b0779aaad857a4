import { describe, expect, it } from "vitest";
import { namesNothing } from "../function-words.ts";
import { beginsAnew, goesOn, refersBack } from "../topic-change.ts";
import { english } from "./english.ts";
import { german } from "./german.ts";
import type { Language } from "./language.ts";
import { anyOf, eachOf, languages, wordEnd, wordStart } from "./languages.ts";

const tables: readonly { readonly name: string; readonly language: Language }[] = [
  { name: "English", language: english },
  { name: "German", language: german },
];
const groups = ["courtesy", "turn", "parts", "topics", "replies"] as const;

/** Every alternative of a table by the place that it has, but not what stands in lists of words. */
function patternsOf(language: Language): readonly (readonly [string, string])[] {
  return (["courtesy", "turn", "parts", "topics"] as const).flatMap((group) =>
    Object.entries(language[group]).map(([place, words]): [string, string] => [`${group}.${place}`, words]),
  );
}

describe("tables of languages", () => {
  it("are all heard", () => {
    expect(languages).toEqual([english, german]);
  });

  it.each(groups)("have the same places in %s", (group) => {
    expect(Object.keys(german[group]).toSorted()).toEqual(Object.keys(english[group]).toSorted());
  });

  it.each(tables)("$name: every alternative is an expression, and none matches nothing", ({ language }) => {
    for (const [place, words] of patternsOf(language)) {
      const expression = new RegExp(`^(?:${words})$`, "iu");
      expect(expression.test(""), place).toBe(false);
    }
  });

  it.each(tables)("$name: lists are words in lower case with single blanks between", ({ language }) => {
    const { positions, ...lists } = language.replies;
    for (const list of [...positions, ...Object.values(lists), ...language.functionWords]) {
      expect(list).toBe(list.toLowerCase().trim().replace(/\s+/gu, " "));
    }
  });

  it.each(tables)("$name: no word is the position of two choices", ({ language }) => {
    const words = language.replies.positions.flatMap((list) => list.split(" "));
    expect(new Set(words).size).toBe(words.length);
  });

  it.each(tables)("$name: everyday sentences are many, and none is there twice", ({ language }) => {
    expect(language.everyday.length).toBeGreaterThanOrEqual(100);
    expect(new Set(language.everyday).size).toBe(language.everyday.length);
  });

  it("German words that cut, tie or begin are no English function words", () => {
    const words = new Set(english.functionWords.flatMap((list) => list.split(" ")));
    const heard = (["changes", "conjunctions", "pronouns"] as const).map((place) => german.turn[place]);
    const single = [...heard, german.parts.joints, german.topics.or, german.topics.and]
      .flatMap((alternatives) => alternatives.split("|"))
      .filter((word) => /^\p{L}+$/u.test(word));
    expect(single.filter((word) => words.has(word))).toEqual([]);
  });
});

describe("anyOf and eachOf", () => {
  it("hear the words of each language", () => {
    const or = new RegExp(`^${anyOf(({ topics }) => topics.or)}$`, "iu");
    expect(["or", "oder", "ODER", "ou"].map((word) => or.test(word))).toEqual([true, true, true, false]);
    const last = eachOf(({ replies }) => replies.last);
    expect([last.has("latter"), last.has("letztes"), last.has("first")]).toEqual([true, true, false]);
  });

  it.each([
    { name: "a word that begins with an umlaut", text: "das ist übrigens neu", word: "übrigens", is: true },
    { name: "a word within a word", text: "Hafenundufer", word: "und", is: false },
    { name: "a word that goes on with an umlaut", text: "fürüber", word: "für", is: false },
    { name: "a word at either end", text: "und", word: "und", is: true },
    { name: "a word with a number", text: "und2", word: "und", is: false },
  ])("ends of words: $name", ({ text, word, is }) => {
    expect(new RegExp(`${wordStart}${word}${wordEnd}`, "iu").test(text)).toBe(is);
  });
});

describe("signs of a German message", () => {
  it.each([
    { message: "Übrigens, wo bleibt mein Handy?", anew: true },
    { message: "Noch was anderes: wo bleibt mein Handy?", anew: true },
    { message: "außerdem blinkt der Router", anew: true },
    { message: "Wo bleibt mein Handy?", anew: false },
  ])("“$message” begins something new: $anew", ({ message, anew }) => {
    expect(beginsAnew(message)).toBe(anew);
  });

  it.each([
    { message: "und in der Schweiz?", on: true },
    { message: "für zwei Personen", on: true },
    { message: "und mein Router ist kaputt", on: false },
    { message: "bis wann?", on: true },
    { message: "mein Router", on: false },
  ])("“$message” goes on with a sentence: $on", ({ message, on }) => {
    expect(goesOn(message)).toBe(on);
  });

  it.each([
    { message: "Wie lange dauert das?", back: true },
    { message: "und was kostet es", back: true },
    { message: "brauche ich dafür ein Foto", back: true },
    { message: "das ist zu teuer", back: true },
    { message: "das Handy ist zu teuer", back: false },
    { message: "wie aktiviere ich die eSIM", back: false },
  ])("“$message” stands for something said before: $back", ({ message, back }) => {
    expect(refersBack(message)).toBe(back);
  });

  it.each([
    { message: "Wie lange dauert das?", nothing: true },
    { message: "hab ich schon gemacht", nothing: true },
    { message: "immer noch rot", nothing: false },
    { message: "", nothing: false },
  ])("“$message” names nothing: $nothing", ({ message, nothing }) => {
    expect(namesNothing(message)).toBe(nothing);
  });
});
