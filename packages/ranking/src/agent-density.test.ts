import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitHead } from "./head.ts";
import type { RankedCapability } from "./model.ts";

/** Places on a circle, in degrees: close together are texts that mean alike. */
function at(degrees: number, text = ""): { readonly text: string; readonly vector: Float32Array } {
  const angle = (degrees * Math.PI) / 180;
  return { text, vector: Float32Array.of(Math.cos(angle), Math.sin(angle)) };
}

function capability(agent: string, id: string, ...places: readonly number[]): RankedCapability {
  return { agent, id, examples: places.map((place) => ({ ...at(place), synthetic: false })) };
}

function densityOf(capabilities: readonly RankedCapability[], query: ReturnType<typeof at>) {
  return fitHead({ capabilities, background: [] }).densityOf(query).probabilities;
}

const east = capability("east", "c", 0, 10, 350);
const north = capability("north", "c", 80, 90, 100);
const west = capability("west", "c", 170, 180, 190);

describe("densityOf", () => {
  it.each([
    { place: 5, agent: "east" },
    { place: 95, agent: "north" },
    { place: 175, agent: "west" },
    { place: 70, agent: "north" },
  ])("finds $agent at $place°", ({ place, agent }) => {
    const density = densityOf([east, north, west], at(place));
    const [[likeliest] = []] = [...density].toSorted(([, left], [, right]) => right - left);
    expect(likeliest).toBe(agent);
    expect(density.get(agent)).toBeGreaterThan(0.9);
  });

  it("is undecided in the middle", () => {
    const density = densityOf([capability("east", "c", 0), capability("north", "c", 90)], at(45));
    expect(density.get("east")).toBeCloseTo(0.5, 5);
  });

  it("does not care how many examples or capabilities an agent has there", () => {
    const twice = { ...east, examples: [...east.examples, ...east.examples] };
    const divided = [capability("east", "c", 0), capability("east", "d", 10), capability("east", "e", 350)];
    const once = densityOf([east, north], at(40));
    expect(densityOf([...divided, north], at(40)).get("east")).toBeCloseTo(once.get("east") ?? 0, 5);
    expect(densityOf([twice, north], at(40)).get("east")).toBeCloseTo(once.get("east") ?? 0, 1);
  });

  it("hears the words too", () => {
    const spoken = (agent: string, text: string) => ({
      agent,
      id: "c",
      examples: [{ ...at(0, text), synthetic: false }],
    });
    const density = densityOf([spoken("a", "invoice"), spoken("b", "router")], at(0, "the router"));
    expect(density.get("b")).toBeGreaterThan(density.get("a") ?? 1);
  });

  it("is one for the only agent, and nothing in an empty catalogue", () => {
    expect(densityOf([east], at(200))).toEqual(new Map([["east", 1]]));
    expect(densityOf([], at(200))).toEqual(new Map());
  });

  it("knows nothing of a message without a vector or words: all are alike", () => {
    const nothing = { text: "", vector: new Float32Array(2) };
    expect([...densityOf([east, north], nothing).values()]).toEqual([0.5, 0.5]);
  });

  it("is the mean height of an agent's hills, example by example", () => {
    const hill = (place: number, from: number): number =>
      Math.exp(15 * Math.cos(((place - from) * Math.PI) / 180));
    const places = fc.array(fc.integer({ min: 0, max: 359 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(places, places, fc.integer({ min: 0, max: 359 }), (first, second, from) => {
        // Opposite places keep the common centre where it is.
        const around = (own: readonly number[]) => own.flatMap((place) => [place, place + 180]);
        const [one, other] = [around(first), around(second)];
        const density = densityOf(
          [capability("one", "c", ...one), capability("other", "c", ...other)],
          at(from),
        );
        const mean = (own: readonly number[]): number =>
          own.reduce((sum, place) => sum + hill(place, from), 0) / own.length;
        expect(density.get("one")).toBeCloseTo(mean(one) / (mean(one) + mean(other)), 3);
      }),
    );
  });

  it("refuses a vector of another length", () => {
    const wrong = { text: "", vector: new Float32Array(3) };
    expect(() => densityOf([east, north], wrong)).toThrow(
      expect.objectContaining({ code: "DimensionMismatch" }),
    );
  });

  it("sums to one over all agents, wherever the message lies", () => {
    const places = fc.array(fc.integer({ min: 0, max: 359 }), { minLength: 1, maxLength: 6 });
    const agents = fc.array(places, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(agents, fc.integer({ min: 0, max: 359 }), (all, place) => {
        const capabilities = all.map((own, i) => capability(`agent-${i}`, "c", ...own));
        const density = densityOf(capabilities, at(place));
        expect([...density.keys()].toSorted()).toEqual(capabilities.map(({ agent }) => agent).toSorted());
        expect([...density.values()].every((share) => share >= 0 && share <= 1)).toBe(true);
        expect([...density.values()].reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
      }),
    );
  });

  it("is the same for a head that was adapted from another", () => {
    const before = fitHead({ capabilities: [east, north], background: [] });
    const steps = before.adapt?.([east, north]);
    let step = steps?.next();
    while (step?.done === false) step = steps?.next();
    if (step?.done !== true) throw new Error("the head cannot be adapted");
    expect(step.value.densityOf(at(30))).toEqual(before.densityOf(at(30)));
  });
});
