/** Where "none" and "ask" begin, learnt from the examples judged as messages, and from the background. */
import type { Thresholds } from "./model.ts";
import { quantile } from "./quantile.ts";

/** One example, ranked as if it were not in the catalogue. */
export interface JudgedExample {
  readonly energy: number;
  readonly margin: number;
}

/** Share of the examples' energies below the energy threshold. */
const refusedShare = 0.1;
/** Share of the examples' margins below the margin threshold. */
const askedShare = 0.12;

/** Thresholds from the examples that could be judged and the energies of the background sentences. */
export function fitThresholds(examples: readonly JudgedExample[], background: readonly number[]): Thresholds {
  const energies = examples.map(({ energy }) => energy);
  const margins = examples.map(({ margin }) => margin);
  return {
    energy: quantile(energies, refusedShare) ?? quantile(background, 0.95) ?? 0,
    margin: quantile(margins, askedShare) ?? 0,
  };
}
