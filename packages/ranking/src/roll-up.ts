/** From scores of capabilities to probabilities of capabilities and agents. */
import type { ClassLayout } from "./classes.ts";
import type { AgentCandidate, CapabilityCandidate } from "./model.ts";
import { softmax } from "./softmax.ts";

/** Candidates of one message, best first. */
export interface RolledUp {
  readonly capabilities: readonly CapabilityCandidate[];
  readonly agents: readonly AgentCandidate[];
  readonly energy: number;
  readonly margin: number;
}

/** Softmax over the capabilities, summed by agent. */
export function rollUp(scores: Float64Array, layout: ClassLayout): RolledUp {
  const probabilities = new Float64Array(scores.length);
  const energy = softmax(scores, probabilities);
  const capabilities = layout.classes
    .map(({ agent, capability }, i) => ({ agent, capability, probability: probabilities[i] ?? 0 }))
    .sort((left, right) => right.probability - left.probability);
  const agents = sumByAgent(capabilities);
  return { capabilities, agents, energy, margin: marginOf(agents) };
}

function sumByAgent(capabilities: readonly CapabilityCandidate[]): readonly AgentCandidate[] {
  const sums = new Map<string, { best: CapabilityCandidate; probability: number }>();
  for (const candidate of capabilities) {
    const sum = sums.get(candidate.agent);
    if (sum === undefined) sums.set(candidate.agent, { best: candidate, probability: candidate.probability });
    else sum.probability += candidate.probability;
  }
  return [...sums.entries()]
    .map(([agent, { best, probability }]) => ({ agent, best, probability: Math.min(probability, 1) }))
    .sort((left, right) => right.probability - left.probability);
}

function marginOf(agents: readonly AgentCandidate[]): number {
  const [first, second] = agents;
  return (first?.probability ?? 0) - (second?.probability ?? 0);
}
