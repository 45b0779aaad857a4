/** Finds the parts of a message that are for different agents. A message is divided only where each part is clear. */
import type { Alternative, RoutingDecision } from "@lmos/router";
import { splitMessage } from "./split-message.ts";

/** A part of a message and who answers it. */
export interface MessagePart extends Alternative {
  readonly text: string;
}

/** Parts answered in one turn. */
const maxParts = 4;
/**
 * How sure the router must be of each part. High, because a story that touches two topics is far more common than two
 * questions in one message, and answering half of it by the wrong agent is worse than answering its main point.
 */
const leastConfidence = 0.95;

/** The parts, at least two, for different agents; undefined where the message is about one thing. */
export async function findParts(
  message: string,
  classify: (text: string) => Promise<RoutingDecision | undefined>,
): Promise<readonly MessagePart[] | undefined> {
  const pieces = splitMessage(message);
  if (pieces.length < 2) return undefined;
  const parts: MessagePart[] = [];
  for (const text of pieces) {
    const decision = await classify(text);
    const last = parts.at(-1);
    if (
      decision?.decision === "accept" &&
      decision.confidence >= leastConfidence &&
      last?.agent !== decision.agent
    ) {
      const { agent, capability, confidence } = decision;
      parts.push({ text, agent, capability, confidence });
    } else if (last !== undefined) parts[parts.length - 1] = { ...last, text: `${last.text} ${text}` };
    else return undefined; // it begins with something that is unclear by itself
  }
  const agents = new Set(parts.map(({ agent }) => agent));
  return agents.size > 1 && agents.size === parts.length && parts.length <= maxParts ? parts : undefined;
}
