import type { EmbeddingModel, WordFamiliarity } from "@lmos/embeddings";
import { runSteps } from "@lmos/ranking";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countWords, type WordCounts } from "./catalogue-words.ts";
import { createSpelling } from "./spelling.ts";

const wordsIn = (texts: readonly string[]): WordCounts => runSteps(countWords(texts));

const known = new Set(["show", "my", "bill", "where", "is", "the", "parcel", "house"]);
const familiarityOf = (word: string): WordFamiliarity => (known.has(word) ? "known" : "unknown");
const model = (familiarity?: EmbeddingModel["familiarityOf"]): EmbeddingModel => ({
  id: "m",
  dimension: 1,
  embed: async (texts) => texts.map(() => new Float32Array(1)),
  ...(familiarity !== undefined && { familiarityOf: familiarity }),
});
const texts = [
  "show my invoice",
  "invoice of march",
  "where is the parcel",
  "roaming in norway",
  "voicemail",
];
const spelling = createSpelling(wordsIn(texts), model(familiarityOf));

describe("createSpelling", () => {
  it.each([
    { name: "a letter missing", text: "show my invoce", repaired: "show my invoice" },
    { name: "a letter too many", text: "show my invvoice", repaired: "show my invoice" },
    { name: "a wrong letter", text: "show my invoyce", repaired: "show my invoice" },
    { name: "two letters swapped", text: "show my inovice", repaired: "show my invoice" },
    { name: "a capital letter", text: "Invoce please", repaired: "invoice please" },
    { name: "several words", text: "roamng in norwey", repaired: "roaming in norway" },
  ])("puts right $name", ({ text, repaired }) => {
    expect(spelling.repair(text)).toBe(repaired);
  });

  it.each([
    { name: "a word of the catalogue", text: "invoice" },
    { name: "a word that the model knows", text: "house" },
    { name: "a word that is near none", text: "zebra crossing" },
    { name: "a word of three letters", text: "inv" },
    { name: "two slips in one word", text: "invce" },
    { name: "a word that is no word", text: "i".repeat(60) },
    { name: "marks and numbers", text: "?! 42 -- 7" },
    { name: "nothing", text: "" },
  ])("leaves $name as it is", ({ text }) => {
    expect(spelling.repair(text)).toBe(text);
  });

  it.each([
    {
      name: "a short word, which is one of its own",
      text: "meine Katze ist krank",
      repaired: "meine Katze ist krank",
    },
    { name: "a long word, which is a slip", text: "mein Datenvolumn", repaired: "mein datenvolumen" },
  ])("in a language that the model does not know, reads as it should $name", ({ text, repaired }) => {
    const catalogue = ["meine Karte ist weg", "wo ist mein Datenvolumen", "ich brauche eine neue Karte"];
    const german = new Set(["meine", "ist", "wo", "mein", "ich", "brauche", "eine", "neue"]);
    const english = model((word) => (german.has(word) ? "foreign" : "unknown"));
    expect(createSpelling(wordsIn(catalogue), english).repair(text)).toBe(repaired);
  });

  it("leaves everything as it is where the model knows every word", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(createSpelling(wordsIn(texts), model()).repair(text)).toBe(text);
      }),
    );
  });

  it("takes the commoner of two words, and the first in the alphabet of two as common", () => {
    const common = createSpelling(wordsIn(["planet planet", "planer"]), model(familiarityOf));
    expect(common.repair("planex")).toBe("planet");
    const alike = createSpelling(wordsIn(["planet", "planer"]), model(familiarityOf));
    expect(alike.repair("planex")).toBe("planer");
  });

  it("does not care about the order of the texts", () => {
    const word = fc.constantFrom("planet", "planer", "planes", "plane", "plants");
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 8 }),
        fc.constantFrom("planex", "plnet", "plantes"),
        (words, slip) => {
          const forwards = createSpelling(wordsIn(words), model(familiarityOf)).repair(slip);
          expect(createSpelling(wordsIn(words.toReversed()), model(familiarityOf)).repair(slip)).toBe(
            forwards,
          );
        },
      ),
    );
  });

  it("repairs nothing that it has repaired", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const once = spelling.repair(text);
        expect(spelling.repair(once)).toBe(once);
      }),
    );
  });
});
