/** Finds the parts of a message that are for different agents. A message is divided only where each part is clear. */
import type { Alternative, Glance, PlannedPart, RoutingDecision } from "@lmos/router";
import { type MessagePiece, splitMessage } from "./split-message.ts";

/** A part of a message and who answers it. */
export interface MessagePart extends Alternative {
  readonly text: string;
  /** Places of earlier parts whose answers it needs. */
  readonly needs: readonly number[];
}

/** What of a message comes before a piece of it, and whom that is for. */
export interface EarlierPart extends Pick<Alternative, "agent"> {
  readonly text: string;
}

/** How a piece is judged. */
export interface PieceContext {
  /** Whatever comes to less is the same. */
  readonly leastConfidence?: number | undefined;
  /** Read as what is said after this; alone where that is not given. */
  readonly after?: EarlierPart | undefined;
}

/** What says whom the pieces of a message are for. */
export interface PartFinders {
  /** By vectors alone. */
  readonly classify: (text: string, context: PieceContext) => Promise<RoutingDecision | undefined>;
  /** A first look at what `classify` says of a piece alone, for a part of what that costs; where there is such. */
  readonly glance?: ((text: string) => Glance | Promise<Glance>) | undefined;
  /** By vectors alone, as what is said next in the conversation; not there where nothing was said before. */
  readonly goOn?: ((text: string) => Promise<RoutingDecision | undefined>) | undefined;
  /** By a language model, where there is one; undefined when it gives no plan. */
  readonly plan?: ((pieces: readonly string[]) => Promise<readonly PlannedPart[] | undefined>) | undefined;
}

/** Parts answered in one turn. */
const maxParts = 4;
/**
 * How sure the router must be of a part. A story that touches two topics is far more common than two questions in one
 * message: so a part must be clear by itself and also, read as what is said after the part before it, turn away from
 * that. Parts that are beyond doubt need not be read again. Chosen on joined messages and on stories, see
 * docs/decisions/2026-12-01-parts-turn-away-from-each-other.md.
 */
const least = { alone: 0.5, turning: 0.7, beyondDoubt: 0.95 };
/** Pieces at the beginning that may be unclear, if all others are beyond doubt: "I have two questions." */
const maxUnclearAtFirst = 1;

/**
 * The parts, at least two; undefined where the message is about one thing. A model is asked only where the pieces point
 * to different agents; when it gives no plan, the pieces decide.
 */
export async function findParts(
  message: string,
  { classify, glance, goOn, plan }: PartFinders,
): Promise<readonly MessagePart[] | undefined> {
  const pieces = splitMessage(message);
  if (pieces.length < 2) return undefined;
  const isAlone = plan === undefined;
  const seen = isAlone && glance !== undefined ? await glanceAt(pieces, { glance, goOn }) : [];
  const judged = seen && (await judge(pieces, { classify, goOn }, { isAlone, seen }));
  if (judged === undefined) return undefined;
  if (plan !== undefined && pointsToSeveral(judged)) {
    const planned = await plan(pieces.map(({ start, end }) => message.slice(start, end)));
    if (planned !== undefined) return severalOf(planned);
  }
  return partsOf(judged, { message, classify });
}

/**
 * What a glance at each piece tells; undefined as soon as they cannot be for two agents, which is so of most messages. Never
 * undefined where the pieces, judged in earnest without a plan, divide the message.
 */
async function glanceAt(
  pieces: readonly MessagePiece[],
  { glance, goOn }: Glancing,
): Promise<readonly Glance[] | undefined> {
  const look = (about: string, place: number) =>
    place === 0 && mayGoOn(about, goOn) ? somebody : glance(about);
  const agents = new Set<string>();
  const all: Glance[] = [];
  let needed = least.alone;
  for (const [place, { about }] of pieces.entries()) {
    const isLong = agents.size === 0 && place > maxUnclearAtFirst;
    if (isLong || agents.size + pieces.length - place < 2) return undefined;
    const seen = await look(about, place);
    if (seen.kind === "unknown") return all;
    all.push(seen);
    if (seen.kind === "perhaps" && seen.confidence >= needed) agents.add(seen.agent);
    else if (place === 0) needed = least.beyondDoubt; // of what begins unclear, all else must be
  }
  return agents.size > 1 ? all : undefined;
}

function mayGoOn(first: string, goOn: PartFinders["goOn"]): boolean {
  return goOn !== undefined && asks(first);
}

/** Whom a first question is for that may go on with the conversation: no agent is called that. */
const somebody: Glance = { kind: "perhaps", agent: "", confidence: 1 };

interface Glancing extends Pick<PartFinders, "goOn"> {
  readonly glance: NonNullable<PartFinders["glance"]>;
}

/**
 * Without a plan a message that begins with something unclear is hardly ever divided: the rest of it need not be judged,
 * once it is known. A plan wants to know where pieces point that are not sure.
 */
async function judge(
  pieces: readonly MessagePiece[],
  { classify, goOn }: PartFinders,
  { isAlone, seen }: Judging,
): Promise<readonly JudgedPiece[] | undefined> {
  const judged: JudgedPiece[] = [];
  let unclear = 0;
  for (const piece of pieces) {
    const decision = await judgePiece(piece, {
      classify,
      goOn: judged.length === 0 ? goOn : undefined,
      isAlone,
      seen: seen[judged.length],
    });
    const isFirst = unclear === judged.length;
    if (isFirst && !isClear(decision)) unclear += 1;
    else if (isAlone && isFirst && unclear > 0 && !isBeyondDoubt(decision)) return undefined;
    if (isAlone && (unclear > maxUnclearAtFirst || pieces.length - unclear < 2)) return undefined;
    judged.push({ ...piece, decision });
  }
  return judged;
}

interface Judging {
  /** No model divides the message. */
  readonly isAlone: boolean;
  /** What was seen at a glance: of all pieces, of none, or of those before one at which nothing was seen. */
  readonly seen: readonly Glance[];
}

interface PieceJudging extends Pick<PartFinders, "classify" | "goOn">, Pick<Judging, "isAlone"> {
  readonly seen: Glance | undefined;
}

async function judgePiece(
  { about }: MessagePiece,
  { classify, goOn, isAlone, seen }: PieceJudging,
): Promise<RoutingDecision | undefined> {
  if (!isAlone) return classify(about, {});
  const decision = await judgeAlone(about, seen, classify);
  if (isClear(decision) || !mayGoOn(about, goOn)) return decision;
  return (await goOn?.(about)) ?? decision;
}

/** What a glance has told need not be asked again: that it is nothing, or that less than all will not do. */
async function judgeAlone(
  about: string,
  seen: Glance | undefined,
  classify: PartFinders["classify"],
): Promise<RoutingDecision | undefined> {
  if (seen?.kind === "nobody") return undefined;
  if (seen?.kind !== "perhaps" || seen === somebody) return classify(about, { leastConfidence: least.alone });
  return seen.confidence < least.alone ? undefined : classify(about, {});
}

/** "And on Sunday?" goes on with the conversation, and what comes after it may not; "that is too much" leads to what comes. */
function asks(text: string): boolean {
  return text.trimEnd().endsWith("?");
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

interface Dividing extends Pick<PartFinders, "classify"> {
  readonly message: string;
}

/** What is unclear by itself belongs to the part before it, at the beginning to the first one. */
async function partsOf(
  pieces: readonly JudgedPiece[],
  dividing: Dividing,
): Promise<readonly MessagePart[] | undefined> {
  const parts: ClearPart[] = [];
  for (const piece of joinUnclear(pieces)) {
    const last = parts.at(-1);
    const part = await partOf(piece, last, dividing);
    if (part !== undefined) parts.push(part);
    else if (last !== undefined) parts[parts.length - 1] = { ...last, end: piece.end };
  }
  if (!isClear(pieces[0]?.decision) && !parts.every(isBeyondDoubt)) return undefined;
  if (new Set(parts.map(({ agent }) => agent)).size !== parts.length) return undefined;
  return severalOf(
    parts.map(({ start, end, follows, ...part }, place) => ({
      ...part,
      needs: follows ? [place - 1] : [],
      text: dividing.message.slice(start, end),
    })),
  );
}

/** What begins unclear belongs to the first piece that is clear. */
function joinUnclear(pieces: readonly JudgedPiece[]): readonly JudgedPiece[] {
  const [first, ...others] = pieces.slice(pieces.findIndex(({ decision }) => isClear(decision)));
  return first === undefined ? [] : [{ ...first, start: pieces[0]?.start ?? first.start }, ...others];
}

interface ClearPart extends Alternative, Pick<MessagePiece, "start" | "end" | "follows"> {}

/** A piece as a part of its own; undefined where it belongs to the one before it. One that says it is new need not show it. */
async function partOf(
  { start, end, about, follows, isNew, decision }: JudgedPiece,
  last: ClearPart | undefined,
  dividing: Dividing,
): Promise<ClearPart | undefined> {
  if (!isClear(decision)) return undefined;
  const { agent, capability, confidence } = decision;
  const part = { start, end, agent, capability, confidence, follows: false };
  if (last === undefined) return part;
  if (last.agent === agent) return undefined;
  return isNew || (await turnsAway(part, { about, last }, dividing)) ? { ...part, follows } : undefined;
}

/**
 * Whether a part does not go on with the one before: it is for its own agent, read as what is said after that. And what is
 * told before it, not asked, must not lead to it: "Moved house last week. Please note my new address."
 */
async function turnsAway(
  part: ClearPart,
  { about, last }: { readonly about: string; readonly last: ClearPart },
  { message, classify }: Dividing,
): Promise<boolean> {
  if (isBeyondDoubt(last) && isBeyondDoubt(part)) return true;
  const before = { text: message.slice(last.start, last.end), agent: last.agent };
  const now = { text: about, agent: part.agent };
  if (!(await isForItself(now, before, classify))) return false;
  return asks(before.text) || (await isForItself(before, now, classify));
}

async function isForItself(
  { text, agent }: EarlierPart,
  after: EarlierPart,
  classify: PartFinders["classify"],
): Promise<boolean> {
  const decision = await classify(text, { after });
  return decision?.decision === "accept" && decision.agent === agent && decision.confidence >= least.turning;
}

type Accepted = Extract<RoutingDecision, { decision: "accept" }>;

function isClear(decision: RoutingDecision | undefined): decision is Accepted {
  return decision?.decision === "accept" && decision.confidence >= least.alone;
}

function isBeyondDoubt(decision: Pick<Alternative, "confidence"> | undefined): boolean {
  return decision !== undefined && decision.confidence >= least.beyondDoubt;
}
