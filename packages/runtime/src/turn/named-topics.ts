/**
 * A message that names two topics and leaves open which is meant: "my bill or my tariff". Vectors see one text and may lean
 * to either side; the user is asked.
 */
import type { Alternative, RoutingDecision } from "@lmos/router";

/** Words of each side: longer ones say what they want. */
const maxWords = 6;
const mayNameTwo = /\sor\s/i;

/** Whether it may name two: most messages don't, and nobody need be asked about them. */
export function mayNameTopics(message: string): boolean {
  return !message.includes("?") && mayNameTwo.test(message);
}

/** What each side is for, where they are for different agents. */
export async function findNamedTopics(
  message: string,
  classify: (text: string) => Promise<RoutingDecision | undefined>,
): Promise<readonly [Alternative, Alternative] | undefined> {
  if (!mayNameTopics(message)) return undefined;
  const [left, right, ...more] = message.trim().split(/,?\s+or\s+/i);
  if (left === undefined || right === undefined || more.length > 0) return undefined;
  if ([left, right].some((side) => !isShort(side))) return undefined;
  const [one, other] = [await classify(left), await classify(right)];
  if (one?.decision !== "accept" || other?.decision !== "accept" || one.agent === other.agent)
    return undefined;
  return [alternativeOf(one), alternativeOf(other)];
}

function isShort(side: string): boolean {
  const words = side.split(/\s+/).filter((word) => word !== "").length;
  return words > 0 && words <= maxWords;
}

function alternativeOf({
  agent,
  capability,
  confidence,
}: Extract<RoutingDecision, { decision: "accept" }>): Alternative {
  return { agent, capability, confidence };
}
