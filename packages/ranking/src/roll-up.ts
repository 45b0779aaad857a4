/** From scores of capabilities to probabilities of capabilities and agents. */
import type { ClassLayout } from "./classes.ts";
import type { AgentCandidate, CapabilityCandidate, Glance } from "./model.ts";
import { softmax } from "./softmax.ts";

/** Candidates of one message, best first. */
export interface RolledUp {
  readonly capabilities: readonly CapabilityCandidate[];
  readonly agents: readonly AgentCandidate[];
  readonly energy: number;
  readonly margin: number;
}

/** A capability less likely than this is not listed: in a large catalogue nearly all are. */
const leastListed = 1e-6;

/** Softmax over the capabilities, summed by agent; `probabilities` may be given for what is worked out on the way. */
export function rollUp(
  scores: Float64Array,
  layout: Pick<ClassLayout, "classes">,
  probabilities: Float64Array = new Float64Array(scores.length),
): RolledUp {
  const energy = softmax(scores, probabilities);
  const agents = sumByAgent(probabilities, layout);
  return { capabilities: likeliest(probabilities, layout), agents, energy, margin: marginOf(agents) };
}

function likeliest(
  probabilities: Float64Array,
  { classes }: Pick<ClassLayout, "classes">,
): readonly CapabilityCandidate[] {
  const listed: CapabilityCandidate[] = [];
  for (let i = 0; i < probabilities.length; i++) {
    const probability = probabilities[i] ?? 0;
    const own = classes[i];
    if (own === undefined || probability < leastListed) continue;
    listed.push({ agent: own.agent, capability: own.capability, probability });
  }
  return sortByProbability(listed);
}

/** Of {@link rollUp} only what concerns the likeliest agent: no candidate is made, and none is sorted. */
export function rollUpBest(
  scores: Float64Array,
  { classes }: Pick<ClassLayout, "classes">,
  probabilities: Float64Array,
): Glance {
  const energy = softmax(scores, probabilities);
  let agent: string | undefined;
  let best = 0;
  let second = 0;
  for (let start = 0; start < classes.length; ) {
    const current = classes[start]?.agent;
    let sum = 0;
    for (; classes[start]?.agent === current && start < classes.length; start++)
      sum += probabilities[start] ?? 0;
    const probability = Math.min(sum, 1);
    if (agent === undefined || probability > best) {
      second = best;
      best = probability;
      agent = current;
    } else if (probability > second) second = probability;
  }
  return { agent, probability: best, energy, margin: best - second };
}

/** The capabilities of an agent are neighbours in the layout. */
function sumByAgent(
  probabilities: Float64Array,
  { classes }: Pick<ClassLayout, "classes">,
): readonly AgentCandidate[] {
  const agents: AgentCandidate[] = [];
  for (let start = 0; start < classes.length; ) {
    const agent = classes[start]?.agent ?? "";
    let best = start;
    let sum = 0;
    let i = start;
    for (; classes[i]?.agent === agent; i++) {
      sum += probabilities[i] ?? 0;
      if ((probabilities[i] ?? 0) > (probabilities[best] ?? 0)) best = i;
    }
    const capability = {
      agent,
      capability: classes[best]?.capability ?? "",
      probability: probabilities[best] ?? 0,
    };
    agents.push({ agent, best: capability, probability: Math.min(sum, 1) });
    start = i;
  }
  return sortByProbability(agents);
}

/** More than so few are left to the engine. */
const fewCandidates = 16;

/** In place, likeliest first, of equal ones those that came first. Few are sorted here: that needs no memory. */
function sortByProbability<T extends { readonly probability: number }>(candidates: T[]): readonly T[] {
  if (candidates.length > fewCandidates) return candidates.sort((a, b) => b.probability - a.probability);
  for (let next = 1; next < candidates.length; next++) {
    const candidate = candidates[next];
    if (candidate === undefined) break;
    let place = next;
    for (; place > 0; place--) {
      const before = candidates[place - 1];
      if (before === undefined || before.probability >= candidate.probability) break;
      candidates[place] = before;
    }
    candidates[place] = candidate;
  }
  return candidates;
}

function marginOf(agents: readonly AgentCandidate[]): number {
  const [first, second] = agents;
  return (first?.probability ?? 0) - (second?.probability ?? 0);
}
