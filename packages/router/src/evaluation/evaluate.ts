/** How good a classifier is on labelled messages: the numbers of `lmos router eval`. */
import { isAgentRight, type JudgedMessage } from "./labelled.ts";
import {
  areaUnderCurve,
  type CalibrationBin,
  calibrationBins,
  calibrationError,
  type RiskAtCoverage,
  riskCoverage,
  share,
} from "./measures.ts";

/** What became of the messages of one kind; shares that add up to 1. */
export interface DecisionShares {
  readonly accepted: number;
  readonly asked: number;
  readonly refused: number;
}

/** A wrong turn that was taken more than once or never: how often `expected` went to `actual`. */
export interface Confusion {
  readonly expected: string;
  readonly actual: string;
  readonly count: number;
}

/** All figures are shares from 0 to 1, of the messages that an agent should get unless it says otherwise. */
export interface Evaluation {
  readonly messages: number;
  /** Messages that no agent should get. */
  readonly outOfScope: number;
  /** The best agent, and the best capability of it, is right; the right agent is among the three best. */
  readonly agentAccuracy: number;
  /** Of the messages whose capability is known; undefined for none. */
  readonly capabilityAccuracy: number | undefined;
  readonly agentAmongThree: number;
  readonly acceptedRight: number;
  readonly acceptedWrong: number;
  readonly decisions: DecisionShares;
  /** Of the messages out of scope; undefined for none. */
  readonly outOfScopeDecisions: DecisionShares | undefined;
  /** How well the energy tells the two kinds apart; undefined without messages out of scope. */
  readonly scopeAuroc: number | undefined;
  readonly calibrationError: number;
  readonly calibration: readonly CalibrationBin[];
  readonly riskCoverage: readonly RiskAtCoverage[];
  /** By agent, the commonest first, right ones included. */
  readonly confusion: readonly Confusion[];
}

/** The figures; those of an empty list are 0. */
export function evaluate(messages: readonly JudgedMessage[]): Evaluation {
  const inside = messages.filter(({ agent }) => agent !== undefined);
  const outside = messages.filter(({ agent }) => agent === undefined);
  const withCapability = inside.filter(({ capability }) => capability !== undefined);
  const predictions = inside.map((message) => ({
    confidence: message.decision.confidence,
    right: isAgentRight(message),
  }));
  return {
    messages: messages.length,
    outOfScope: outside.length,
    agentAccuracy: share(inside, isAgentRight),
    capabilityAccuracy: withCapability.length === 0 ? undefined : share(withCapability, isCapabilityRight),
    agentAmongThree: share(inside, ({ agent, decision }) =>
      decision.alternatives.some((alternative) => alternative.agent === agent),
    ),
    acceptedRight: share(inside, (message) => isAccepted(message) && isAgentRight(message)),
    acceptedWrong: share(inside, (message) => isAccepted(message) && !isAgentRight(message)),
    decisions: decisionShares(inside),
    outOfScopeDecisions: outside.length === 0 ? undefined : decisionShares(outside),
    scopeAuroc: outside.length * inside.length === 0 ? undefined : scopeAuroc(inside, outside),
    calibrationError: predictions.length === 0 ? 0 : calibrationError(predictions),
    calibration: calibrationBins(predictions),
    riskCoverage: riskCoverage(predictions),
    confusion: confusionOf(inside),
  };
}

function isAccepted({ decision }: JudgedMessage): boolean {
  return decision.decision === "accept";
}

function isCapabilityRight(message: JudgedMessage): boolean {
  return isAgentRight(message) && message.decision.alternatives[0]?.capability === message.capability;
}

function decisionShares(messages: readonly JudgedMessage[]): DecisionShares {
  const of = (kind: string): number => share(messages, ({ decision }) => decision.decision === kind);
  return { accepted: of("accept"), asked: of("ask"), refused: of("none") };
}

function scopeAuroc(inside: readonly JudgedMessage[], outside: readonly JudgedMessage[]): number {
  const energies = (messages: readonly JudgedMessage[]): readonly number[] =>
    messages.map(({ decision }) => decision.explanation.energy);
  return areaUnderCurve(energies(inside), energies(outside));
}

function confusionOf(messages: readonly JudgedMessage[]): readonly Confusion[] {
  const pairs = Map.groupBy(messages, ({ agent, decision }) =>
    JSON.stringify([agent, decision.alternatives[0]?.agent]),
  );
  return [...pairs.values()]
    .map((members) => ({
      expected: members[0]?.agent ?? "",
      actual: members[0]?.decision.alternatives[0]?.agent ?? "",
      count: members.length,
    }))
    .sort((left, right) => right.count - left.count);
}
