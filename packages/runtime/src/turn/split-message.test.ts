import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mayHavePieces, splitMessage } from "./split-message.ts";

function textsOf(message: string): readonly string[] {
  return splitMessage(message).map(({ start, end }) => message.slice(start, end));
}

test("a message has the same pieces whatever was cut before", () => {
  const message = fc
    .array(fc.constantFrom("my bill is wrong", "where is it", ", ", " and ", "? ", ". If so, "), {
      maxLength: 6,
    })
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(message, message, (one, other) => {
      const pieces = splitMessage(one);
      splitMessage(other);
      expect(splitMessage(one)).toEqual(pieces);
    }),
  );
});

describe("mayHavePieces", () => {
  test.each([
    { message: "where is my order", may: false },
    { message: "Where is my order?", may: false },
    { message: "android and", may: false },
    { message: "1,000.50 euros", may: false },
    { message: "", may: false },
    { message: "my bill is wrong, where is my parcel", may: true },
    { message: "my bill AND my parcel", may: true },
    { message: "Where is it? Call me", may: true },
    { message: "my bill is wrong\nwhere is my parcel", may: true },
    { message: "my bill PLUS my parcel", may: true },
    { message: "e-mail", may: false },
    { message: `It never came. ${"It never came. ".repeat(30)}`, may: false },
  ])("“$message”: $may", ({ message, may }) => {
    expect(mayHavePieces(message)).toBe(may);
  });

  test("is never wrong about a message that has several", () => {
    const message = fc
      .array(
        fc.oneof(
          fc.constantFrom(
            "my bill is wrong",
            "call me back now",
            "and",
            "also",
            ",",
            ";",
            "?",
            ".",
            " ",
            "\u00a0",
            "\n",
          ),
          fc.constantFrom(
            " and also ",
            " as well as ",
            ", if so, ",
            " AND ",
            " plus ",
            " oh and ",
            "\n2) ",
            " - ",
          ),
          fc.string({ unit: "grapheme", maxLength: 3 }),
        ),
        { maxLength: 9 },
      )
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(message, (any) => {
        if (splitMessage(any).length > 1) expect(mayHavePieces(any)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("a message", () => {
  const rows: readonly { readonly message: string; readonly pieces: readonly string[] }[] = [
    { message: "where is my order", pieces: ["where is my order"] },
    {
      message: "my invoice is wrong, and does it rain in Berlin tomorrow?",
      pieces: ["my invoice is wrong", "does it rain in Berlin tomorrow?"],
    },
    {
      message: "Where is my parcel? And I forgot my password.",
      pieces: ["Where is my parcel?", "I forgot my password."],
    },
    { message: "the invoice of March and of April", pieces: ["the invoice of March and of April"] },
    {
      message: `I ordered a phone. ${"It never came. ".repeat(30)}`,
      pieces: [`I ordered a phone. ${"It never came. ".repeat(30)}`],
    },
    {
      message: "the bills of March, April and May, and my parcel never came",
      pieces: ["the bills of March, April and May", "my parcel never came"],
    },
    {
      message: "  where is it?  and   also my bill is wrong  ",
      pieces: ["where is it?", "my bill is wrong"],
    },
    { message: "", pieces: [] },
    {
      message: "1) where is my refund\n2) do you take cheques\n3. open on Sunday?",
      pieces: ["where is my refund", "do you take cheques", "open on Sunday?"],
    },
    {
      message: "- the screen is black\n\n* no more toner\nthanks",
      pieces: ["the screen is black", "no more toner", "thanks"],
    },
    {
      message: "my bill is wrong, oh and where is it plus call me back now",
      pieces: ["my bill is wrong", "where is it", "call me back now"],
    },
    {
      message: "Hi there! My bill is wrong. Where is it?",
      pieces: ["Hi there! My bill is wrong.", "Where is it?"],
    },
    { message: "my bill is wrong and the weather?", pieces: ["my bill is wrong", "the weather?"] },
    { message: "left my gloves and hat", pieces: ["left my gloves and hat"] },
    { message: "I pay 20 and a half", pieces: ["I pay 20", "a half"] },
    { message: "My bill? And the weather?", pieces: ["My bill?", "the weather?"] },
    {
      message: "If my flight is late, who do I call, and where is my bill?",
      pieces: ["If my flight is late, who do I call", "where is my bill?"],
    },
    {
      message: "When I got home, the box was empty",
      pieces: ["When I got home, the box was empty"],
    },
    {
      message: "When does it start, where do I park",
      pieces: ["When does it start", "where do I park"],
    },
    {
      message: "In that case book it, my bill is wrong",
      pieces: ["In that case book it", "my bill is wrong"],
    },
    {
      message: "with a blue door and it was never opened",
      pieces: ["with a blue door", "it was never opened"],
    },
  ];
  test.each(rows)("“$message” has its pieces", ({ message, pieces }) => {
    expect(textsOf(message)).toEqual(pieces);
  });

  const order: readonly { readonly message: string; readonly about: string | undefined }[] = [
    { message: "Is my flight on time? If not, extend my car rental.", about: "extend my car rental." },
    { message: "Is my flight on time? If so book a hotel", about: "book a hotel" },
    {
      message: "Which tariff do I have, and depending on that, what does more data cost?",
      about: "what does more data cost?",
    },
    { message: "What do I owe? Based on the answer cancel my plan", about: "cancel my plan" },
    { message: "Cancel my order and then send me the invoice", about: "send me the invoice" },
    { message: "My internet is down. After that terminate my contract.", about: "terminate my contract." },
    { message: "Where is my parcel? And I forgot my password.", about: undefined },
    { message: "Where is my parcel and what is then my bill?", about: undefined },
    { message: "Then terminate my contract, and send me the invoice", about: undefined },
    { message: "Is it thence? Thenceforth I want to pay less", about: undefined },
  ];
  test.each(order)("“$message” says what comes after what", ({ message, about }) => {
    const following = splitMessage(message).filter(({ follows }) => follows);
    expect(following.map((piece) => piece.about)).toEqual(about === undefined ? [] : [about]);
  });

  test("keeps its words, in order", () => {
    const words = (text: string): string =>
      text.toLowerCase().replace(/\b(?:and|also|as well as|plus|oh)\b|[\s,;]/g, "");
    const sentence = fc.array(
      fc.constantFrom(
        "my",
        "order",
        "and",
        "rain",
        "also",
        "Berlin,",
        "why?",
        "then",
        "plus",
        "oh",
        "if",
        "\n",
      ),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(sentence, (parts) => {
        const message = parts.join(" ");
        expect(words(textsOf(message).join(" "))).toBe(words(message));
      }),
    );
  });
});

describe("items within a line", () => {
  test.each([
    {
      message: "1) is my bike covered if it's stolen 2) can I pay yearly",
      texts: ["is my bike covered if it's stolen", "can I pay yearly"],
    },
    { message: "I pay 20) euros a month", texts: ["I pay 20) euros a month"] },
    { message: "my code (4) is wrong", texts: ["my code (4) is wrong"] },
  ])("“$message”", ({ message, texts }) => {
    expect(textsOf(message)).toEqual(texts);
  });
});

describe("a piece that says that it is about something else", () => {
  test.each([
    {
      message: "My bill is wrong. By the way, where is my parcel?",
      about: "where is my parcel?",
      isNew: true,
    },
    { message: "My bill is wrong. Another question: where is it?", about: "where is it?", isNew: true },
    { message: "My bill is wrong. Noch eine Frage, wo ist es?", about: "wo ist es?", isNew: true },
    { message: "My bill is wrong. Where is it, by the way?", about: "Where is it", isNew: false },
    { message: "My bill is wrong. If not, where is my parcel?", about: "where is my parcel?", isNew: false },
    { message: "My bill is wrong. Where is my parcel?", about: "Where is my parcel?", isNew: false },
  ])("“$message”: $isNew", ({ message, about, isNew }) => {
    const [, second] = splitMessage(message);
    expect(second?.isNew).toBe(isNew);
    expect(second?.about.startsWith(about)).toBe(true);
  });

  test("is none where it is the first", () => {
    expect(splitMessage("By the way, my bill is wrong again. Where is my parcel?")[0]?.isNew).toBe(false);
  });
});
