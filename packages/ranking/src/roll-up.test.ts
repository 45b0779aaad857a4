import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { layOutClasses } from "./classes.ts";
import { rollUp, rollUpBest } from "./roll-up.ts";

const vector = new Float32Array([1]);
const layoutOf = (...names: readonly (readonly [string, string])[]) =>
  layOutClasses(
    names.map(([agent, id]) => ({ agent, id, examples: [{ text: id, vector, synthetic: false }] })),
  );
const layout = layoutOf(["a", "1"], ["a", "2"], ["b", "1"], ["c", "1"]);

describe("rollUp", () => {
  it("adds up an agent's capabilities: two likely ones beat a likelier single one", () => {
    const scores = Float64Array.from([Math.log(3), Math.log(3), Math.log(4), Math.log(1e-9)]);
    const { agents, capabilities, margin } = rollUp(scores, layout);
    expect(agents.map(({ agent }) => agent)).toEqual(["a", "b", "c"]);
    expect(agents[0]?.probability).toBeCloseTo(0.6, 6);
    expect(capabilities[0]).toMatchObject({ agent: "b", capability: "1" });
    expect(margin).toBeCloseTo(0.2, 6);
  });

  it("names an agent's likeliest capability", () => {
    const { agents } = rollUp(Float64Array.from([1, 2, 0, 0]), layout);
    expect(agents.find(({ agent }) => agent === "a")?.best.capability).toBe("2");
  });

  it.each([
    { name: "no class", scores: [], of: layoutOf(), margin: 0, energy: Number.NEGATIVE_INFINITY },
    { name: "one class", scores: [3], of: layoutOf(["a", "1"]), margin: 1, energy: 3 },
    { name: "one agent", scores: [0, 0], of: layoutOf(["a", "1"], ["a", "2"]), margin: 1, energy: Math.LN2 },
    { name: "two alike", scores: [0, 0], of: layoutOf(["a", "1"], ["b", "1"]), margin: 0, energy: Math.LN2 },
  ])("has a margin of $margin for $name", ({ scores, of, margin, energy }) => {
    const rolled = rollUp(Float64Array.from(scores), of);
    expect(rolled.margin).toBeCloseTo(margin, 9);
    expect(rolled.energy).toBeCloseTo(energy, 9);
  });

  const scores = fc.array(fc.double({ min: -30, max: 30, noNaN: true }), { minLength: 4, maxLength: 4 });

  it("sums to one, best first, for any scores", () => {
    fc.assert(
      fc.property(scores, (values) => {
        const { agents, capabilities, margin } = rollUp(Float64Array.from(values), layout);
        const probabilities = agents.map(({ probability }) => probability);
        expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 9);
        expect(probabilities).toEqual(probabilities.toSorted((x, y) => y - x));
        expect(margin).toBeCloseTo((probabilities[0] ?? 0) - (probabilities[1] ?? 0), 12);
        for (const { probability } of capabilities) expect(probability).toBeGreaterThanOrEqual(1e-6);
      }),
    );
  });

  it("gives an agent no less when one of its scores grows", () => {
    fc.assert(
      fc.property(scores, fc.double({ min: 0, max: 5, noNaN: true }), (values, more) => {
        const of = (list: readonly number[]): number =>
          rollUp(Float64Array.from(list), layout).agents.find(({ agent }) => agent === "a")?.probability ?? 0;
        const [first = 0, ...others] = values;
        expect(of([first + more, ...others])).toBeGreaterThanOrEqual(of(values) - 1e-12);
      }),
    );
  });

  it("puts the likeliest first, of those that are alike the first of the catalogue, few or many", () => {
    const score = fc.constantFrom(0, 1, 1.5, 2); // so that many are alike
    fc.assert(
      fc.property(fc.array(score, { minLength: 1, maxLength: 40 }), (scores) => {
        const names = scores.map((_, i) => [`agent-${String(i).padStart(2, "0")}`, "c"] as const);
        const { agents, capabilities } = rollUp(Float64Array.from(scores), layoutOf(...names));
        const expected = names
          .map(([agent], i) => ({ agent, score: scores[i] ?? 0 }))
          .toSorted((a, b) => b.score - a.score)
          .map(({ agent }) => agent);
        expect(agents.map(({ agent }) => agent)).toEqual(expected);
        expect(capabilities.map(({ agent }) => agent)).toEqual(expected);
      }),
    );
  });
});

describe("rollUpBest", () => {
  const score = fc.oneof(fc.constantFrom(0, 1, 2), fc.double({ min: -30, max: 30, noNaN: true }));
  const agent = fc.constantFrom("a", "b", "c", "d");

  it("says of the likeliest agent what rollUp says", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(agent, score), { maxLength: 12 }), (classes) => {
        const layout = layoutOf(...classes.map(([name], i) => [name, String(i)] as const));
        const scores = Float64Array.from(classes, ([, value]) => value);
        const { agents, energy, margin } = rollUp(scores, layout);
        expect(rollUpBest(scores, layout, new Float64Array(scores.length))).toEqual({
          agent: agents[0]?.agent,
          probability: agents[0]?.probability ?? 0,
          energy,
          margin,
        });
      }),
    );
  });
});
