import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { layOutClasses } from "./classes.ts";
import type { RankedCapability } from "./model.ts";
import { queryRoom } from "./query-room.ts";
import { querySpaceOf } from "./query-space.ts";
import {
  combineScores,
  createScoreSpace,
  exampleSimilarities,
  scorePair,
  scoreQuery,
  scorerLeftOut,
} from "./score-space.ts";
import { runSteps } from "./steps.ts";

const words = ["pay", "bill", "router", "parcel", "late", "slow"];

/** A text with the vector that counts its words. */
function textOf(text: string) {
  const counts = words.map((word) => text.split(" ").filter((each) => each === word).length);
  const length = Math.hypot(...counts) || 1;
  return { text, vector: Float32Array.from(counts, (count) => count / length) };
}

function capability(agent: string, ...texts: readonly string[]): RankedCapability {
  return { agent, id: "c", examples: texts.map((text) => ({ ...textOf(text), synthetic: false })) };
}

const capabilities = [
  capability("billing", "pay bill", "bill late", "pay late bill"),
  capability("network", "router slow", "slow router late"),
  capability("orders", "parcel late", "parcel slow", "late parcel"),
];
const fitting = runSteps(createScoreSpace(layOutClasses(capabilities)));
const { space } = fitting;
const anyText = fc.array(fc.constantFrom(...words, "other"), { maxLength: 6 }).map((each) => each.join(" "));

describe("scoreQuery", () => {
  it.each([
    { text: "pay my bill", best: "billing" },
    { text: "the router is slow", best: "network" },
    { text: "where is the parcel", best: "orders" },
  ])("scores “$text” highest for $best in every view that knows it", ({ text, best }) => {
    const { scores } = scoreQuery(space, textOf(text), queryRoom(space));
    for (const view of [scores.lda, scores.dense, scores.sparse]) {
      const highest = view.indexOf(Math.max(...view));
      expect(space.layout.classes[highest]?.agent).toBe(best);
    }
  });

  it("gives finite scores of every class, and similarities of every example, for any text", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { scores, similarities } = scoreQuery(space, textOf(text), queryRoom(space));
        expect(similarities).toHaveLength(8);
        for (const view of [scores.lda, scores.dense, scores.sparse]) {
          expect(view).toHaveLength(3);
          expect(view.every(Number.isFinite)).toBe(true);
        }
      }),
    );
  });

  it("needs of the space no more than what is kept for messages", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const small = querySpaceOf(space);
        expect(scoreQuery(small, textOf(text), queryRoom(small))).toEqual(
          scoreQuery(space, textOf(text), queryRoom(space)),
        );
      }),
    );
  });
});

describe("exampleSimilarities", () => {
  it("is one with an example itself, in both views, and nowhere more", () => {
    for (const [i, example] of space.layout.examples.entries()) {
      const { dense, sparse } = exampleSimilarities(space, example, queryRoom(space));
      expect(dense[i]).toBeCloseTo(1, 5);
      expect(sparse[i]).toBeCloseTo(1, 5);
      expect(Math.max(...dense, ...sparse)).toBeLessThan(1 + 1e-5);
    }
  });

  it("is zero for a text of which nothing is known", () => {
    const { dense, sparse } = exampleSimilarities(space, textOf("qqqq"), queryRoom(space));
    expect([...dense, ...sparse].every((similarity) => similarity === 0)).toBe(true);
  });
});

describe("scorerLeftOut", () => {
  it("finds less in common with the class of an example when the example isn't there", () => {
    for (const [self, example] of space.layout.examples.entries()) {
      const ownClass = space.layout.classOf[self] ?? 0;
      const left = scorerLeftOut(fitting, ownClass)(self);
      const { scores } = scoreQuery(space, example, queryRoom(space));
      expect(left.dense[ownClass] ?? 0).toBeLessThan(scores.dense[ownClass] ?? 0);
      expect(left.sparse[ownClass] ?? 0).toBeLessThan(scores.sparse[ownClass] ?? 0);
    }
  });

  it("leaves the similarities to all other classes as they were", () => {
    for (const [self, example] of space.layout.examples.entries()) {
      const ownClass = space.layout.classOf[self] ?? 0;
      const left = scorerLeftOut(fitting, ownClass)(self);
      const { scores } = scoreQuery(space, example, queryRoom(space));
      for (const other of space.layout.classes.keys()) {
        if (other === ownClass) continue;
        expect(left.dense[other]).toBeCloseTo(scores.dense[other] ?? Number.NaN, 5);
        expect(left.sparse[other]).toBeCloseTo(scores.sparse[other] ?? Number.NaN, 5);
      }
    }
  });
});

describe("room that is used again", () => {
  it("changes no score, whatever was scored in it before", () => {
    const room = queryRoom(space);
    fc.assert(
      fc.property(fc.array(anyText, { maxLength: 4 }), anyText, (before, text) => {
        for (const each of before) scoreQuery(space, textOf(each), room);
        const { scores, similarities } = scoreQuery(space, textOf(text), room);
        const fresh = scoreQuery(space, textOf(text), queryRoom(space));
        expect(scores).toEqual(fresh.scores);
        expect(similarities).toEqual(fresh.similarities);
      }),
    );
  });

  it("gives a text with two vectors the scores of each, to the last bit", () => {
    const room = queryRoom(space);
    fc.assert(
      fc.property(anyText, anyText, anyText, (before, text, other) => {
        scoreQuery(space, textOf(before), room);
        const { vector: secondVector } = textOf(other);
        const { scores, second, similarities } = scorePair(space, { ...textOf(text), secondVector }, room);
        const first = scoreQuery(space, textOf(text), queryRoom(space));
        expect({ scores, similarities }).toEqual(first);
        expect(second).toEqual(scoreQuery(space, { text, vector: secondVector }, queryRoom(space)).scores);
      }),
    );
  });

  it("still refuses a vector of another length", () => {
    const room = queryRoom(space);
    expect(() => scoreQuery(space, { text: "pay", vector: new Float32Array(2) }, room)).toThrow(
      expect.objectContaining({ code: "DimensionMismatch" }),
    );
  });
});

describe("combineScores", () => {
  it("adds up the three, each with its weight", () => {
    const scores = {
      lda: Float64Array.of(1, 2),
      dense: Float64Array.of(10, 20),
      sparse: Float64Array.of(100, 200),
    };
    expect([...combineScores(scores, { lda: 1, dense: 0.5, sparse: 2 })]).toEqual([206, 412]);
    expect([...combineScores(scores, { lda: 0, dense: 0, sparse: 0 })]).toEqual([0, 0]);
    const used = Float64Array.of(7, 7);
    expect(combineScores(scores, { lda: 1, dense: 0.5, sparse: 2 }, used)).toBe(used);
    expect([...used]).toEqual([206, 412]);
  });
});
