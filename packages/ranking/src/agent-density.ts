/**
 * Among whose examples does a message lie? A kernel density: every example is a small hill around its place, and an
 * agent is as likely as its hills are high where the message is. It knows nothing of capabilities and is fitted on
 * nothing, which makes it steadier than the head for the loose words of a conversation.
 */
import type { AgentDensity, EmbeddedText } from "./model.ts";
import type { QueryRoom } from "./query-room.ts";
import type { QuerySpace } from "./query-space.ts";
import { exampleSimilarities } from "./score-space.ts";

/** How steep the hills are, and what the sparse similarity adds to the dense one; chosen on dialogues. */
const concentration = 15;
const sparseShare = 0.25;

/** The density of a catalogue without examples. */
export const noDensity: AgentDensity = { probabilities: new Map() };

/**
 * The room is used for what is worked out on the way.
 *
 * @throws RankingError for a vector that is not finite or of another length than the examples'.
 */
export function agentDensity(space: QuerySpace, query: EmbeddedText, room: QueryRoom): AgentDensity {
  const { dense, sparse } = exampleSimilarities(space, query, room);
  let most = -1;
  for (let i = 0; i < dense.length; i++) {
    dense[i] = (dense[i] ?? 0) + sparseShare * (sparse[i] ?? 0);
    most = Math.max(most, dense[i] ?? 0);
  }
  const heights = meanHeights(space, (example) => Math.exp(concentration * ((dense[example] ?? 0) - most)));
  let total = 0;
  for (const height of heights.values()) total += height;
  for (const [agent, height] of heights) heights.set(agent, height / total);
  return { probabilities: heights };
}

/** The mean over an agent's examples: having more of them makes no agent likelier. Capabilities of one are neighbours. */
function meanHeights(
  { layout: { classes } }: QuerySpace,
  heightOf: (example: number) => number,
): Map<string, number> {
  const means = new Map<string, number>();
  for (let first = 0; first < classes.length; ) {
    const { agent = "", start = 0 } = classes[first] ?? {};
    let next = first + 1;
    while (classes[next]?.agent === agent) next++;
    const end = classes[next - 1]?.end ?? start;
    let height = 0;
    for (let example = start; example < end; example++) height += heightOf(example);
    means.set(agent, height / (end - start));
    first = next;
  }
  return means;
}
