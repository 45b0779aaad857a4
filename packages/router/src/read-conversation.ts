/** A conversation as the stay filter wants it: every message that counts, ranked, with its signs. */
import type { RankedConversation, RankedTurn, Ranking, TurnSigns } from "@lmos/ranking";
import { type CountedHistory, type Exchange, heldBy } from "./conversation.ts";
import { mereCourtesy } from "./courtesy.ts";
import { namesNothing } from "./function-words.ts";
import type { MessageReader } from "./message-reader.ts";
import { beginsAnew, corrects, goesOn, refersBack, withoutDenied } from "./topic-change.ts";
import { wordsOf } from "./words.ts";

/** What is read. */
export interface CountedMessage {
  readonly message: string;
  /** How it ranks as it is. */
  readonly whole: Ranking;
  readonly counted: CountedHistory;
  /** Whether an agent is in the catalogue. */
  readonly isThere: (agent: string) => boolean;
}

/** Ranks the message and what was said since it is known who has the turn. */
export async function readConversation(
  { message, whole, counted, isThere }: CountedMessage,
  reader: MessageReader,
  signal: AbortSignal,
): Promise<RankedConversation> {
  const { holder, since } = heldBy(counted, isThere);
  const meant = withoutDenied(message);
  const meantWhole = meant === message ? whole : (await reader.rank(meant, signal)).ranking;
  const [ranking, density, { ranking: window }, earlier] = await Promise.all([
    reader.rankReadings(meant, meantWhole, signal),
    reader.densityOf(meant, signal),
    reader.rank(counted.window, signal),
    Promise.all(since.map((exchange) => readExchange(exchange, reader, signal))),
  ]);
  const { followsQuestion } = counted;
  return { holder, earlier, window, current: { ranking, density, signs: signsOf(message, followsQuestion) } };
}

/** An answer says more about whom its message was for than the message does. */
async function readExchange(
  { message, answer, followsQuestion }: Exchange,
  reader: MessageReader,
  signal: AbortSignal,
): Promise<RankedTurn> {
  const said = `${message} ${answer}`;
  const [{ ranking }, density] = await Promise.all([
    reader.rank(said, signal),
    reader.densityOf(said, signal),
  ]);
  return { ranking, density, signs: signsOf(message, followsQuestion) };
}

function signsOf(message: string, followsQuestion: boolean): TurnSigns {
  return {
    words: wordsOf(message).length,
    beginsAnew: beginsAnew(message),
    goesOn: goesOn(message),
    refersBack: refersBack(message),
    corrects: corrects(message),
    namesNothing: namesNothing(message) || mereCourtesy(message) !== undefined,
    followsQuestion,
  };
}
