/**
 * Where "none" and "ask" begin. Two witnesses are heard about "none": the examples, each ranked as if it were not in
 * the catalogue, and a background of everyday sentences, most of which no catalogue covers. The fewer examples there
 * are, the more the background counts; see docs/decisions/2026-11-21-background-set-for-small-catalogues.md.
 */
import type { Thresholds } from "./model.ts";
import { quantile } from "./quantile.ts";

/** Energy and margin of one example, ranked as if it were not in the catalogue. */
export interface JudgedExample {
  readonly energy: number;
  readonly margin: number;
}

/** Share of the examples that the examples' own threshold refuses, and of the background that the other accepts. */
const errorShare = 0.1;
/** The background counts like this many examples. */
const backgroundWeight = 50;

/** Share of the examples with a margin so small that they would be asked about. */
const askedShare = 0.12;
/** Two agents this close are never chosen between, agents further apart than the second number always. */
const marginRange = { lowest: 0.2, highest: 0.8 };
const marginWithoutExamples = 0.5;

/** Thresholds from the examples that could be judged, and from the energies of the background sentences. */
export function fitThresholds(examples: readonly JudgedExample[], background: readonly number[]): Thresholds {
  const margin = quantile(
    examples.map((example) => example.margin),
    askedShare,
  );
  return {
    energy: fitEnergyThreshold(
      examples.map((example) => example.energy),
      background,
    ),
    margin: Math.min(Math.max(margin ?? marginWithoutExamples, marginRange.lowest), marginRange.highest),
  };
}

function fitEnergyThreshold(examples: readonly number[], background: readonly number[]): number {
  const byExamples = quantile(examples, errorShare);
  const byBackground = quantile(background, 1 - errorShare);
  if (byExamples === undefined) return byBackground ?? 0;
  if (byBackground === undefined) return byExamples;
  const share = examples.length / (examples.length + backgroundWeight);
  return share * byExamples + (1 - share) * byBackground;
}
