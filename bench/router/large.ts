/** Whole data sets: every capability of the set is in the catalogue. */

import type { EmbeddingModel } from "@lmos/embeddings";
import { areaUnderCurve, calibrationError, riskCoverage, share } from "@lmos/router";
import { SeededRandom } from "@lmos/testing";
import type { DataSet } from "./data.ts";
import { percentile } from "./measures.ts";
import { type Outcome, type RouterUnderTest, routeAll, routerUnderTest, unlabelled } from "./run.ts";
import { drawCatalogue } from "./sample.ts";

/** Figures of one draw of examples; shares are 0 to 1, times in milliseconds. */
export interface LargeFigures {
  readonly capability: number;
  readonly agent: number;
  readonly amongThree: number;
  readonly capabilityCalibration: number;
  readonly agentCalibration: number;
  readonly accepted: number;
  readonly acceptedWrong: number;
  readonly asked: number;
  readonly kept: number;
  readonly rejected: number;
  readonly auroc: number;
  /** Share of the out-of-scope messages above the energy that 95 % of the others have. */
  readonly falsePositives: number;
  /** Share of the in-scope messages that a hybrid classifier asks a language model about. */
  readonly doubtful: number;
  /** Share of wrong agents among so many of the surest messages. */
  riskAt(coverage: number): number;
  readonly p50: number;
  readonly p95: number;
  readonly buildMs: number;
}

/** One draw of `shots` examples per capability, measured on the whole test set. */
export async function measureLarge(
  data: DataSet,
  draw: { readonly shots: number; readonly seed: number },
  embedding: EmbeddingModel,
): Promise<LargeFigures> {
  const shots = { least: draw.shots, most: draw.shots };
  const agents = drawCatalogue(data.train, shots, new SeededRandom(draw.seed));
  const router = await routerUnderTest(agents, embedding);
  await routeAll(router, data.test.slice(0, 200));
  const inside = await routeAll(router, data.test);
  const outside = await routeAll(router, data.outOfScope.map(unlabelled));
  const isNone = ({ decision }: Outcome): boolean => decision === "none";
  const times = inside.map(({ ms }) => ms);
  return {
    capability: share(inside, ({ capabilityRight }) => capabilityRight),
    agent: share(inside, ({ agentRight }) => agentRight),
    amongThree: share(inside, ({ rightAmongThree }) => rightAmongThree),
    capabilityCalibration: calibrationError(
      inside.map((one) => ({ confidence: one.capabilityConfidence, right: one.capabilityRight })),
    ),
    agentCalibration: calibrationError(
      inside.map((one) => ({ confidence: one.agentConfidence, right: one.agentRight })),
    ),
    accepted: share(inside, ({ decision, agentRight }) => decision === "accept" && agentRight),
    acceptedWrong: share(inside, ({ decision, agentRight }) => decision === "accept" && !agentRight),
    asked: share(inside, ({ decision }) => decision === "ask"),
    kept: 1 - share(inside, isNone),
    rejected: share(outside, isNone),
    auroc: areaUnderCurve(
      inside.map(({ energy }) => energy),
      outside.map(({ energy }) => energy),
    ),
    falsePositives: falsePositives(inside, outside),
    doubtful: await doubtfulShare(data, router),
    riskAt: (coverage) => riskAt(inside, coverage),
    p50: percentile(times, 0.5),
    p95: percentile(times, 0.95),
    buildMs: router.buildMs,
  };
}

/** Of five hundred messages, spread over the test set. */
async function doubtfulShare({ test }: DataSet, router: RouterUnderTest): Promise<number> {
  const step = Math.max(1, Math.floor(test.length / 500));
  const sample = test.filter((_, i) => i % step === 0);
  const asked: boolean[] = [];
  for (const { text } of sample) asked.push(await router.wouldAsk(text));
  return share(asked, (wasAsked) => wasAsked);
}

function falsePositives(inside: readonly Outcome[], outside: readonly Outcome[]): number {
  const threshold = percentile(
    inside.map(({ energy }) => energy),
    0.05,
  );
  return share(outside, ({ energy }) => energy >= threshold);
}

function riskAt(outcomes: readonly Outcome[], coverage: number): number {
  const predictions = outcomes.map((one) => ({ confidence: one.agentConfidence, right: one.agentRight }));
  const nearest = riskCoverage(predictions).find((step) => step.coverage >= coverage - 1e-9);
  return nearest?.risk ?? 0;
}
