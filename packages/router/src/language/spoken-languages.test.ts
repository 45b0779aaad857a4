import { runSteps } from "@lmos/ranking";
import { describe, expect, it } from "vitest";
import { countWords } from "../catalogue-words.ts";
import { english } from "./english.ts";
import { german } from "./german.ts";
import { everydaySentencesFor, spokenWords } from "./spoken-languages.ts";

const spokenIn = (texts: readonly string[]): ReadonlySet<string> => spokenWords(runSteps(countWords(texts)));

describe("spokenWords", () => {
  it.each([
    { name: "an English catalogue", texts: ["where is my parcel", "I want to cancel"], german: false },
    { name: "a German catalogue", texts: ["wo ist mein Paket", "ich möchte kündigen"], german: true },
    {
      name: "a catalogue of both",
      texts: ["where is my parcel", "wo ist mein Paket", "cancel it", "ich möchte kündigen"],
      german: true,
    },
    {
      name: "an English catalogue with one German word",
      texts: ["I want to see the film das Boot", "where is it shown", "when does it begin tonight"],
      german: false,
    },
    {
      name: "an English catalogue of bins",
      texts: ["order a bin", "a bigger bin", "my bin is full", "bin day", "a bin for paper"],
      german: false,
    },
    { name: "a French catalogue", texts: ["où est ma commande", "je veux annuler"], german: false },
    { name: "no catalogue", texts: [], german: false },
  ])("has German words for $name: $german", ({ texts, german }) => {
    const spoken = spokenIn(texts);
    expect(spoken.has("nicht")).toBe(german);
    expect(spoken.has("wann")).toBe(german);
  });

  it("has no word of two languages: they say nothing of either", () => {
    expect(spokenIn(["so also so also"]).size).toBe(0);
  });
});

describe("everydaySentencesFor", () => {
  it.each([
    { name: "English", texts: ["where is my parcel", "I want to cancel"], languages: [english] },
    { name: "German", texts: ["wo ist mein Paket", "ich möchte kündigen"], languages: [german] },
    {
      name: "both",
      texts: ["where is my parcel", "I want to cancel", "wo ist mein Paket", "ich möchte kündigen"],
      languages: [english, german],
    },
    { name: "a language without a table: English", texts: ["où est ma commande"], languages: [english] },
    { name: "nouns alone: English", texts: ["Rechnung", "Router"], languages: [english] },
    { name: "nothing: English", texts: [], languages: [english] },
  ])("are those of the catalogue's language, here $name", ({ texts, languages }) => {
    expect(everydaySentencesFor(texts)).toEqual(languages.flatMap(({ everyday }) => everyday));
  });
});
