import { loadStaticModel } from "@lmos/embeddings";
import { runSteps } from "@lmos/ranking";
import { describe, expect, it } from "vitest";
import { countWords, type WordCounts } from "./catalogue-words.ts";
import { coverageThreshold, createCoverage, isReadable } from "./coverage.ts";
import { createSpelling } from "./spelling.ts";

const wordsIn = (texts: readonly string[]): WordCounts => runSteps(countWords(texts));

const embedding = await loadStaticModel({ signal: new AbortController().signal });
const catalogue = [
  "show me my bill",
  "my internet is down",
  "cancel my contract",
  "where is my package",
  "router",
];

describe("coverage of English", () => {
  const coverage = createCoverage(wordsIn(catalogue), embedding);
  it.each([
    { message: "why is my bill so high?" },
    { message: "internet" },
    { message: "cancel" },
    { message: "no internet since yesterday, pls help" },
    { message: "wifi dead" },
    { message: "I'd like to cancel, don't call me" },
    { message: "flights to los angeles" },
    { message: "order 4711 from Krzysztof" },
    { message: "unsubscribe" },
    { message: "12345" },
    { message: "DE12 3456" },
    { message: "BX19 KLM4" },
    { message: "anna@example.com" },
  ])("is enough for '$message'", ({ message }) => {
    expect(coverage.of(message)).toBeGreaterThanOrEqual(coverageThreshold);
  });
});

describe("coverage of other languages", () => {
  const coverage = createCoverage(wordsIn(catalogue), embedding);
  it.each([
    { language: "German", message: "Wo ist meine Bestellung?" },
    { language: "German", message: "Mein Internet geht nicht" },
    { language: "German", message: "Router kaputt, bitte um Rückruf" },
    { language: "German", message: "ich will meinen Vertrag kündigen" },
    { language: "French", message: "Où est ma commande ?" },
    { language: "French", message: "mon internet ne marche pas" },
    { language: "French", message: "je veux annuler le contrat" },
    { language: "Spanish", message: "no tengo internet" },
    { language: "Spanish", message: "quiero cancelar mi contrato" },
    { language: "Spanish", message: "¿Dónde está mi pedido?" },
    { language: "Italian", message: "voglio vedere la mia bolletta" },
    { language: "Portuguese", message: "minha internet está lenta" },
    { language: "Dutch", message: "mijn internet werkt niet" },
    { language: "Polish", message: "internet nie działa" },
    { language: "Swedish", message: "var är min beställning" },
    { language: "Turkish", message: "İnternetim çalışmıyor" },
    { language: "Turkish", message: "faturamı görmek istiyorum" },
    { language: "Indonesian", message: "internet saya lambat" },
    { language: "Japanese", message: "インターネットが遅い" },
    { language: "Chinese", message: "我的订单在哪里" },
    { language: "Russian", message: "интернет не работает" },
    { language: "Arabic", message: "أين طلبي؟" },
    { language: "Greek", message: "Πού είναι η παραγγελία μου;" },
  ])("is too low for $language: '$message'", ({ message }) => {
    expect(coverage.of(message)).toBeLessThan(coverageThreshold);
  });
});

describe("coverage", () => {
  it("knows the words of the catalogue, in whatever language that is", () => {
    const german = createCoverage(wordsIn(["wo ist meine bestellung", "rechnung ansehen"]), embedding);
    expect(german.of("wo ist meine rechnung")).toBe(1);
  });

  it("knows the small words of the language that the catalogue is written in", () => {
    const german = createCoverage(
      wordsIn(["mein Internet geht nicht", "wo ist meine Bestellung", "ich will meinen Vertrag kündigen"]),
      embedding,
    );
    expect(german.of("und wie lange dauert das noch")).toBeGreaterThanOrEqual(coverageThreshold);
    expect(german.of("no tengo la factura")).toBeLessThan(coverageThreshold);
  });

  it.each([
    { name: "small words and two that nobody knows", message: "meine Katze ist krank", first: 0 },
    {
      name: "one word of the catalogue beside them",
      message: "meine Bestellung ist ungenießbar",
      first: 0.8,
    },
    { name: "one word that nobody knows, which may be a name", message: "wo ist die Ladesäule", first: 0.8 },
    { name: "small words alone", message: "wo ist das denn", first: 1 },
  ])(
    "of a first message in the catalogue's language counts what tells something: $name",
    ({ message, first }) => {
      const german = createCoverage(
        wordsIn(["mein Internet geht nicht", "wo ist meine Bestellung", "ich will meinen Vertrag kündigen"]),
        embedding,
      );
      expect(german.ofFirst(message)).toBeCloseTo(first, 5);
      expect(german.of(message)).toBeGreaterThanOrEqual(coverageThreshold);
    },
  );

  it("counts nothing else of a first message in the language of the model", () => {
    const english = createCoverage(wordsIn(catalogue), embedding);
    for (const message of ["where is my Zalando Qwertz", "Qwertz Zalando", "my bill"]) {
      expect(english.ofFirst(message)).toBe(english.of(message));
    }
  });

  it("tells another language with a number from the number", () => {
    const coverage = createCoverage(wordsIn(catalogue), embedding);
    expect(coverage.of("dónde está mi pedido 4711")).toBeLessThan(coverageThreshold);
  });

  it.each([
    { message: "und im April", foreign: true },
    { message: "Krzysztof Brzeziński", foreign: false },
    { message: "and in April", foreign: false },
    { message: "👍", foreign: false },
  ])("tells whether “$message” has foreign words: $foreign", ({ message, foreign }) => {
    expect(createCoverage(wordsIn(catalogue), embedding).hasForeignWords(message)).toBe(foreign);
    const german = createCoverage(wordsIn(["ich will meinen Vertrag kündigen", "und wo ist das"]), embedding);
    expect(german.hasForeignWords(message)).toBe(false);
  });

  it("is complete for a model that knows every word", () => {
    const { familiarityOf: _, ...multilingual } = embedding;
    expect(createCoverage(wordsIn(catalogue), multilingual).of("Wo ist meine Bestellung?")).toBe(1);
  });
});

describe("spelling", () => {
  const spelling = createSpelling(
    wordsIn(["where is my package", "show my invoice", "invoice", "invoke it"]),
    embedding,
  );
  it.each([
    { name: "a letter missing", text: "were is my packge", expected: "were is my package" },
    { name: "a letter too many", text: "my paackage", expected: "my package" },
    { name: "letters swapped", text: "Invocie please", expected: "invoice please" },
    { name: "a wrong letter", text: "invoise", expected: "invoice" },
    { name: "words that the model knows", text: "my back hurts", expected: "my back hurts" },
    { name: "words of the catalogue", text: "invoke INVOICE", expected: "invoke INVOICE" },
    { name: "words far from the catalogue's", text: "qwertz", expected: "qwertz" },
    { name: "short words", text: "shw iz", expected: "shw iz" },
    { name: "all that is no word", text: "#42: ok?", expected: "#42: ok?" },
  ])("reads $name", ({ text, expected }) => {
    expect(spelling.repair(text)).toBe(expected);
  });
});

describe("a message can be read", () => {
  it.each([
    { coverage: 1, readable: true },
    { coverage: coverageThreshold, readable: true },
    { coverage: 0.49, readable: false },
    { coverage: 0, readable: false },
  ])("with a coverage of $coverage: $readable", ({ coverage, readable }) => {
    expect(isReadable(coverage)).toBe(readable);
  });
});
