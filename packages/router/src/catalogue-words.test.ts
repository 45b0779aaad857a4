import { runSteps } from "@lmos/ranking";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countWords } from "./catalogue-words.ts";
import { wordsOf } from "./words.ts";

describe("countWords", () => {
  const rows: readonly {
    readonly name: string;
    readonly texts: readonly string[];
    readonly counts: Readonly<Record<string, number>>;
  }[] = [
    { name: "nothing", texts: [], counts: {} },
    { name: "one text", texts: ["Pay my bill"], counts: { pay: 1, my: 1, bill: 1 } },
    {
      name: "words of several texts",
      texts: ["my bill", "My parcel, my bill"],
      counts: { my: 3, bill: 2, parcel: 1 },
    },
    { name: "no marks and no digits", texts: ["?! 42"], counts: {} },
    {
      name: "names of a map's own members",
      texts: ["constructor __proto__"],
      counts: { constructor: 1, proto: 1 },
    },
  ];

  it.each(rows)("counts $name", ({ texts, counts }) => {
    expect(Object.fromEntries(runSteps(countWords(texts)))).toEqual(counts);
  });

  it("counts as many words as there are, in whatever order the texts come", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme" })), (texts) => {
        const counts = runSteps(countWords(texts));
        const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
        expect(total).toBe(texts.flatMap(wordsOf).length);
        expect(new Map([...runSteps(countWords(texts.toReversed()))].toSorted())).toEqual(
          new Map([...counts].toSorted()),
        );
      }),
    );
  });

  it("pauses within a large catalogue, so that turns in flight go on", () => {
    const steps = countWords(Array.from({ length: 2000 }, (_, i) => `example number ${i} of a catalogue`));
    let pauses = 0;
    while (steps.next().done !== true) pauses++;
    expect(pauses).toBeGreaterThanOrEqual(5);
  });
});
