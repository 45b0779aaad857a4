/** Thresholds for a wanted rate of errors or questions, found on labelled messages. */
import type { Thresholds } from "@lmos/ranking";
import { coverageThreshold } from "../coverage.ts";
import { isAgentRight, type JudgedMessage } from "./labelled.ts";

/** What is wanted, as a share of all messages. */
export type CalibrationGoal =
  /** At most so many go to an agent that is not theirs; as many as possible go to the right one. */
  | { readonly kind: "wrong-rate"; readonly rate: number }
  /** At most so many are asked back; as few as possible go wrong. */
  | { readonly kind: "ask-rate"; readonly rate: number };

/** Shares of all messages, 0 to 1. */
export interface CalibratedRates {
  readonly right: number;
  /** Accepted for an agent that is not theirs, those that belong to none included. */
  readonly wrong: number;
  readonly asked: number;
  readonly refused: number;
}

/** Thresholds and what they do to the labelled messages. */
export interface Calibration {
  readonly thresholds: Thresholds;
  readonly rates: CalibratedRates;
  /** 95 % upper bound of the wrong rate (Wilson): so bad may it be on other messages of the same kind. */
  readonly wrongAtMost: number;
}

interface Observation {
  readonly energy: number;
  readonly margin: number;
  readonly right: boolean;
}

/** Energies and margins tried, evenly spread over those observed. */
const candidateCount = 60;

/** The best thresholds for the goal; undefined when nothing reaches it, or there are no messages. */
export function calibrate(
  messages: readonly JudgedMessage[],
  goal: CalibrationGoal,
): Calibration | undefined {
  const observations = messages.map(observe);
  const energies = spread(observations.map(({ energy }) => energy));
  const margins = [0, ...spread(observations.map(({ margin }) => margin))];
  let best: Calibration | undefined;
  for (const energy of energies) {
    for (const margin of margins) {
      const tried = tryThresholds(observations, { energy, margin });
      if (!reaches(tried.rates, goal)) continue;
      if (best === undefined || isBetter(tried.rates, best.rates, goal)) best = tried;
    }
  }
  return best;
}

/** A message that cannot be read is refused whatever the thresholds. */
function observe(message: JudgedMessage): Observation {
  const { energy, margin, coverage } = message.decision.explanation;
  const readable = coverage >= coverageThreshold;
  return { energy: readable ? energy : Number.NEGATIVE_INFINITY, margin, right: isAgentRight(message) };
}

function spread(values: readonly number[]): readonly number[] {
  const sorted = values.filter(Number.isFinite).toSorted((a, b) => a - b);
  const at = (i: number): number => sorted[Math.round((i / (candidateCount - 1)) * (sorted.length - 1))] ?? 0;
  return sorted.length === 0 ? [] : Array.from({ length: candidateCount }, (_, i) => at(i));
}

function tryThresholds(observations: readonly Observation[], thresholds: Thresholds): Calibration {
  const counts = { right: 0, wrong: 0, asked: 0, refused: 0 };
  for (const { energy, margin, right } of observations) {
    if (energy < thresholds.energy) counts.refused++;
    else if (margin < thresholds.margin) counts.asked++;
    else if (right) counts.right++;
    else counts.wrong++;
  }
  const total = observations.length;
  return {
    thresholds,
    rates: {
      right: counts.right / total,
      wrong: counts.wrong / total,
      asked: counts.asked / total,
      refused: counts.refused / total,
    },
    wrongAtMost: wilsonUpperBound(counts.wrong, total),
  };
}

function reaches(rates: CalibratedRates, goal: CalibrationGoal): boolean {
  return (goal.kind === "wrong-rate" ? rates.wrong : rates.asked) <= goal.rate;
}

/** For a wanted ask rate a wrong message weighs as much as a right one, so that refusing everything is no answer. */
function isBetter(rates: CalibratedRates, best: CalibratedRates, goal: CalibrationGoal): boolean {
  const worth = ({ right, wrong, asked }: CalibratedRates): number =>
    goal.kind === "wrong-rate" ? right + 0.01 * asked : right - wrong;
  return worth(rates) > worth(best);
}

function wilsonUpperBound(count: number, total: number): number {
  const z = 1.96;
  const p = count / total;
  const centre = p + z ** 2 / (2 * total);
  const width = z * Math.sqrt((p * (1 - p)) / total + z ** 2 / (4 * total ** 2));
  return (centre + width) / (1 + z ** 2 / total);
}
