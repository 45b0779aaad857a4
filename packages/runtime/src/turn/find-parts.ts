/** Finds the parts of a message that are for different agents. A message is divided only where each part is clear. */
import type { Alternative, PlannedPart, RoutingDecision } from "@lmos/router";
import { type MessagePiece, splitMessage } from "./split-message.ts";

/** A part of a message and who answers it. */
export interface MessagePart extends Alternative {
  readonly text: string;
  /** Places of earlier parts whose answers it needs. */
  readonly needs: readonly number[];
}

/** What says whom the pieces of a message are for. */
export interface PartFinders {
  /** By vectors alone. Where `leastConfidence` is given, whatever comes to less is the same. */
  readonly classify: (
    text: string,
    leastConfidence: number | undefined,
  ) => Promise<RoutingDecision | undefined>;
  /** By a language model, where there is one; undefined when it gives no plan. */
  readonly plan?: ((pieces: readonly string[]) => Promise<readonly PlannedPart[] | undefined>) | undefined;
}

/** Parts answered in one turn. */
const maxParts = 4;
/**
 * How sure the router must be of each part. High, because a story that touches two topics is far more common than two
 * questions in one message, and answering half of it by the wrong agent is worse than answering its main point.
 */
const leastConfidence = 0.95;

/**
 * The parts, at least two; undefined where the message is about one thing. A model is asked only where the pieces point
 * to different agents; when it gives no plan, the pieces decide.
 */
export async function findParts(
  message: string,
  { classify, plan }: PartFinders,
): Promise<readonly MessagePart[] | undefined> {
  const pieces = splitMessage(message);
  if (pieces.length < 2) return undefined;
  const judged: JudgedPiece[] = [];
  for (const piece of pieces) {
    // A plan wants to know where pieces point that are not sure; without one, they are all the same.
    const decision = await classify(piece.about, plan === undefined ? leastConfidence : undefined);
    // Without a plan a message that begins with something unclear is not divided: the rest of it need not be judged.
    if (plan === undefined && judged.length === 0 && !isSure(decision)) return undefined;
    judged.push({ ...piece, decision });
  }
  if (plan !== undefined && pointsToSeveral(judged)) {
    const planned = await plan(pieces.map(({ start, end }) => message.slice(start, end)));
    if (planned !== undefined) return severalOf(planned);
  }
  return partsOf(judged, message);
}

interface JudgedPiece extends MessagePiece {
  readonly decision: RoutingDecision | undefined;
}

function pointsToSeveral(pieces: readonly JudgedPiece[]): boolean {
  const likeliest = pieces.map(({ decision }) =>
    decision === undefined || decision.decision === "none" ? undefined : decision.alternatives[0]?.agent,
  );
  return new Set(likeliest.filter((agent) => agent !== undefined)).size > 1;
}

function severalOf(parts: readonly MessagePart[]): readonly MessagePart[] | undefined {
  return parts.length > 1 && parts.length <= maxParts ? parts : undefined;
}

/** What is unclear by itself belongs to the part before it. */
function partsOf(pieces: readonly JudgedPiece[], message: string): readonly MessagePart[] | undefined {
  const parts: SurePart[] = [];
  for (const { start, end, decision, follows } of pieces) {
    const last = parts.at(-1);
    if (isSure(decision) && last?.agent !== decision.agent) {
      const { agent, capability, confidence } = decision;
      const needs = follows && last !== undefined ? [parts.length - 1] : [];
      parts.push({ start, end, agent, capability, confidence, needs });
    } else if (last !== undefined) parts[parts.length - 1] = { ...last, end };
    else return undefined; // it begins with something that is unclear by itself
  }
  const agents = new Set(parts.map(({ agent }) => agent));
  if (agents.size !== parts.length) return undefined;
  return severalOf(parts.map(({ start, end, ...part }) => ({ ...part, text: message.slice(start, end) })));
}

interface SurePart extends Omit<MessagePart, "text">, Pick<MessagePiece, "start" | "end"> {}

function isSure(
  decision: RoutingDecision | undefined,
): decision is Extract<RoutingDecision, { decision: "accept" }> {
  return decision?.decision === "accept" && decision.confidence >= leastConfidence;
}
