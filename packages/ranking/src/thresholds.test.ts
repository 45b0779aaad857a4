import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide } from "./decide.ts";
import type { Ranking } from "./model.ts";
import { fitThresholds } from "./thresholds.ts";

const examples = (...energies: readonly number[]) => energies.map((energy) => ({ energy, margin: 0.5 }));
const repeated = (energy: number, count: number) => examples(...Array<number>(count).fill(energy));

describe("fitThresholds", () => {
  it.each([
    { name: "nothing at all", examples: [], background: [], energy: 0 },
    { name: "a background alone", examples: [], background: [1, 1, 1], energy: 1 },
    { name: "examples alone", examples: repeated(4, 20), background: [], energy: 4 },
    { name: "as many of both", examples: repeated(4, 50), background: [2], energy: 3 },
    { name: "many examples", examples: repeated(4, 1950), background: [2], energy: 3.95 },
  ])("puts none below $energy by $name", ({ examples: judged, background, energy }) => {
    expect(fitThresholds(judged, background).energy).toBeCloseTo(energy, 9);
  });

  it.each([
    { name: "no examples", margins: [], margin: 0.5 },
    {
      name: "small margins, but never chooses between two that close",
      margins: [0.01, 0.02, 0.05],
      margin: 0.2,
    },
    { name: "large margins, but never asks about such leads", margins: [0.95, 0.97, 0.99], margin: 0.8 },
    { name: "margins between", margins: Array<number>(10).fill(0.4), margin: 0.4 },
  ])("asks below $margin by $name", ({ margins, margin }) => {
    const judged = margins.map((each) => ({ energy: 0, margin: each }));
    expect(fitThresholds(judged, []).margin).toBeCloseTo(margin, 9);
  });

  const energies = fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 1, maxLength: 60 });

  it("lies between what the examples and what the background say", () => {
    fc.assert(
      fc.property(energies, energies, (own, background) => {
        const { energy } = fitThresholds(examples(...own), background);
        const alone = [fitThresholds(examples(...own), []).energy, fitThresholds([], background).energy];
        expect(energy).toBeGreaterThanOrEqual(Math.min(...alone) - 1e-9);
        expect(energy).toBeLessThanOrEqual(Math.max(...alone) + 1e-9);
      }),
    );
  });

  it("rises when the background does, and with the examples", () => {
    fc.assert(
      fc.property(energies, energies, fc.double({ min: 0, max: 9, noNaN: true }), (own, background, more) => {
        const higher = (values: readonly number[]) => values.map((value) => value + more);
        const { energy } = fitThresholds(examples(...own), background);
        expect(fitThresholds(examples(...own), higher(background)).energy).toBeGreaterThanOrEqual(
          energy - 1e-9,
        );
        expect(fitThresholds(examples(...higher(own)), background).energy).toBeGreaterThanOrEqual(
          energy - 1e-9,
        );
      }),
    );
  });

  it("refuses at most a tenth of the examples that it was fitted on, where it hears nobody else", () => {
    fc.assert(
      fc.property(energies, (own) => {
        const { energy } = fitThresholds(examples(...own), []);
        expect(own.filter((value) => value < energy).length).toBeLessThanOrEqual(Math.ceil(own.length / 10));
      }),
    );
  });
});

describe("decide", () => {
  const best = { agent: "a", capability: "a-c", probability: 0.6 };
  const ranking = (energy: number, margin: number): Ranking => ({
    agents: [
      { agent: "a", probability: 0.5 + margin / 2, best },
      { agent: "b", probability: 0.5 - margin / 2, best: { ...best, agent: "b" } },
    ],
    capabilities: [],
    energy,
    margin,
    matches: [],
  });
  const order = { none: 0, ask: 1, accept: 2 };
  const numbers = fc.double({ min: -5, max: 5, noNaN: true });
  const shares = fc.double({ min: 0, max: 1, noNaN: true });

  it("is no bolder with higher thresholds", () => {
    fc.assert(
      fc.property(numbers, shares, numbers, shares, numbers, shares, (energy, margin, e1, m1, e2, m2) => {
        const verdict = (e: number, m: number) =>
          order[decide(ranking(energy, margin), { energy: e, margin: m }).kind];
        expect(verdict(Math.max(e1, e2), Math.max(m1, m2))).toBeLessThanOrEqual(
          verdict(Math.min(e1, e2), Math.min(m1, m2)),
        );
      }),
    );
  });

  it("is no more timid with a higher energy or margin", () => {
    fc.assert(
      fc.property(numbers, shares, numbers, shares, (energy, margin, more, wider) => {
        const thresholds = { energy: 0, margin: 0.3 };
        const verdict = (e: number, m: number) => order[decide(ranking(e, m), thresholds).kind];
        const [up, lead] = [energy + Math.abs(more), Math.min(1, margin + wider)];
        expect(verdict(up, lead)).toBeGreaterThanOrEqual(verdict(energy, margin));
      }),
    );
  });

  it("refuses an energy that is no number", () => {
    expect(decide(ranking(Number.NaN, 1), { energy: -100, margin: 0 })).toEqual({ kind: "none" });
  });
});
