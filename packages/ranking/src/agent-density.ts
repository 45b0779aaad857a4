/**
 * Among whose examples does a message lie? A kernel density: every example is a small hill around its place, and an
 * agent is as likely as its hills are high where the message is. It knows nothing of capabilities and is fitted on
 * nothing, which makes it steadier than the head for the loose words of a conversation.
 */
import type { AgentDensity, EmbeddedText } from "./model.ts";
import { exampleSimilarities, type QuerySpace } from "./score-space.ts";

/** How steep the hills are, and what the sparse similarity adds to the dense one; chosen on dialogues. */
const concentration = 15;
const sparseShare = 0.25;

/** The density of a catalogue without examples. */
export const noDensity: AgentDensity = { probabilities: new Map() };

/** @throws RankingError for a vector that is not finite or of another length than the examples'. */
export function agentDensity(space: QuerySpace, query: EmbeddedText): AgentDensity {
  const { dense, sparse } = exampleSimilarities(space, query);
  const similarities = dense.map((similarity, i) => similarity + sparseShare * (sparse[i] ?? 0));
  const most = similarities.reduce((highest, each) => Math.max(highest, each), -1);
  const heights = meanHeights(space, (example) =>
    Math.exp(concentration * ((similarities[example] ?? 0) - most)),
  );
  const total = [...heights.values()].reduce((sum, height) => sum + height, 0);
  return { probabilities: new Map([...heights].map(([agent, height]) => [agent, height / total])) };
}

/** The mean over an agent's examples: having more of them makes no agent likelier. */
function meanHeights(
  { layout }: QuerySpace,
  heightOf: (example: number) => number,
): ReadonlyMap<string, number> {
  const sums = new Map<string, { readonly height: number; readonly count: number }>();
  for (const { agent, start, end } of layout.classes) {
    let { height, count } = sums.get(agent) ?? { height: 0, count: 0 };
    for (let example = start; example < end; example++) height += heightOf(example);
    count += end - start;
    sums.set(agent, { height, count });
  }
  return new Map([...sums].map(([agent, { height, count }]) => [agent, height / count]));
}
