import { describe, expect, it } from "vitest";
import { english } from "./english.ts";
import { german } from "./german.ts";
import { sentencesFor } from "./sentences-for.ts";

const both = [
  { name: "English", sentences: english },
  { name: "German", sentences: german },
];

describe("sentences", () => {
  it("are the same ones in all languages", () => {
    expect(Object.keys(german).toSorted()).toEqual(Object.keys(english).toSorted());
  });

  it.each(both)("$name: questions end as questions, by which they are known again", ({ sentences }) => {
    expect(sentences.whichTopic(["a"])).toMatch(/a\?$/);
    expect(sentences.whichChoice(["a", "b"])).toMatch(/b.\?$/);
  });

  it.each(both)("$name: name what they are about", ({ sentences }) => {
    expect(sentences.offer(["a", "b"])).toContain("a, b");
    for (const say of [sentences.unanswered, sentences.skipped])
      expect(say("does it rain?")).toContain("does it rain?");
  });

  it.each([
    { name: "the declared one", declared: "DE-at", message: "where is it", is: german },
    { name: "English where another one is declared", declared: "fr", message: "wo ist das", is: english },
    { name: "that of the user", declared: undefined, message: "wo ist das", is: german },
    { name: "English where nothing tells", declared: undefined, message: "4711", is: english },
  ])("are in one language: $name", ({ declared, message, is }) => {
    expect(sentencesFor({ declared, messages: [{ role: "user", content: message }] })).toBe(is);
  });
});
