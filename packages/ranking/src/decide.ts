import type { AgentCandidate, Glance, Ranking, Thresholds, Verdict } from "./model.ts";

/** Agents offered in a question. */
const maxChoices = 3;
/** Offered are as many of the best agents as together make up this share, at least two. */
const choiceCoverage = 0.95;

/**
 * None when the message resembles nothing in the catalogue, ask when two agents are too close to choose between,
 * else accept the best.
 */
export function decide(ranking: Ranking, thresholds: Thresholds): Verdict {
  const [best] = ranking.agents;
  if (best === undefined || !(ranking.energy >= thresholds.energy)) return { kind: "none" };
  if (ranking.agents.length > 1 && ranking.margin < thresholds.margin) {
    return { kind: "ask", choices: plausibleAgents(ranking.agents) };
  }
  return { kind: "accept", agent: best };
}

/** Whether {@link decide} accepts what was glanced at. */
export function isAcceptable({ agent, energy, margin }: Glance, thresholds: Thresholds): boolean {
  return agent !== undefined && energy >= thresholds.energy && margin >= thresholds.margin;
}

function plausibleAgents(agents: readonly AgentCandidate[]): readonly AgentCandidate[] {
  let covered = 0;
  return agents.slice(0, maxChoices).filter((candidate, position) => {
    const needed = position < 2 || covered < choiceCoverage;
    covered += candidate.probability;
    return needed;
  });
}
