/** What the index of a channel makes of a message: how it ranks, and among whose examples it lies. */
import type { EmbeddingModel } from "@lmos/embeddings";
import { type AgentDensity, decide, type Glance, type Ranking, type Thresholds } from "@lmos/ranking";
import { writtenOut } from "./chat-spelling.ts";
import { withoutCourtesy } from "./courtesy.ts";
import { isReadable } from "./coverage.ts";
import { scoredText } from "./message-text.ts";
import { readingsOf } from "./readings.ts";
import type { RouterIndex } from "./router-index.ts";
import { after, type Soon } from "./soon.ts";
import { vectorRoomOf } from "./vector-room.ts";

/**
 * With fewer texts than this a message may resemble one by its common words alone ("my cat is ill" and "my wifi is slow").
 * So it must resemble the catalogue both as it is and with more weight on its rare words; see
 * docs/decisions/2026-11-30-small-catalogues-hear-rare-words.md.
 */
const leastSurelyKnown = 100;

/** A message as it is scored. */
export interface ReadMessage {
  readonly text: string;
  readonly ranking: Ranking;
  /** True when the model can make nothing of it. */
  readonly isEmpty: boolean;
}

/** When a message is of use at all. */
export interface WantedRanking {
  readonly confidence: number;
  readonly thresholds: Thresholds;
}

/** Reads messages. Everything rejects with what the model throws, and with a RankingError for vectors it can't use. */
export interface MessageReader {
  /**
   * The message as it is, without waiting where the model has nothing to wait for. One that is not what is wanted by its
   * first vector is not looked at by its second.
   */
  rank(message: string, signal: AbortSignal, wanted?: WantedRanking): Soon<ReadMessage>;
  /** The first look at a message, by its first vector alone; undefined when nothing or too little of it can be read. */
  glance(message: string, signal: AbortSignal): Soon<Glance | undefined>;
  /**
   * Of the ways in which a message in a conversation may be read, the one that resembles the catalogue most. `whole` is how
   * the message ranks as it is, which is often the only way.
   */
  rankReadings(message: string, whole: Ranking, signal: AbortSignal): Promise<Ranking>;
  /** Its rare words count more: in a conversation people say much around what they want. */
  densityOf(message: string, signal: AbortSignal): Promise<AgentDensity>;
}

/** A reader over one index, which was built with the same model. */
export function createMessageReader(index: RouterIndex, embedding: EmbeddingModel): MessageReader {
  const textOf = (message: string): string =>
    index.spelling.repair(writtenOut(withoutCourtesy(scoredText(message))));
  const none = new Float32Array(embedding.dimension);
  const isSmall = index.texts.size < leastSurelyKnown;
  const room = vectorRoomOf(embedding.dimension);
  const rankText = (
    text: string,
    signal: AbortSignal,
    wanted: WantedRanking | undefined,
  ): Soon<ReadMessage> => {
    const pair = room.take();
    const done = (vector: Float32Array, ranking: Ranking): ReadMessage => {
      room.giveBack(pair);
      return { text, ranking, isEmpty: vector.every(isZero) };
    };
    return after(embedding.embed([text], { signal, into: pair.first }), ([vector = none]) => {
      const alone = isSmall && wanted === undefined ? undefined : index.head.rank({ text, vector });
      if (alone !== undefined && !(isSmall && isWanted(alone, wanted))) return done(vector, alone);
      const second = embedding.embed([text], { signal, purpose: "query", into: pair.second });
      return after(second, ([secondVector = none]) =>
        done(vector, index.head.rank({ text, vector, secondVector })),
      );
    });
  };
  const rank: MessageReader["rank"] = (message, signal, wanted) => {
    try {
      return rankText(textOf(message), signal, wanted);
    } catch (error) {
      return Promise.reject(error);
    }
  };
  return {
    rank,
    glance: (message, signal) => {
      const text = textOf(message);
      if (!isReadable(index.coverage.ofFirst(text))) return undefined;
      const pair = room.take();
      return after(embedding.embed([text], { signal, into: pair.first }), ([vector = none]) => {
        const glance = vector.every(isZero) ? undefined : index.head.glance({ text, vector });
        room.giveBack(pair);
        return glance;
      });
    },
    rankReadings: async (message, whole, signal) => {
      const rankings = await Promise.all(
        readingsOf(message).map(async (reading) =>
          reading === message ? whole : (await rank(reading, signal)).ranking,
        ),
      );
      return rankings.reduce((a, b) => (b.energy > a.energy ? b : a));
    },
    densityOf: async (message, signal) => {
      const text = textOf(message);
      const pair = room.take();
      const [vector = none] = await embedding.embed([text], { signal, purpose: "query", into: pair.first });
      const density = index.head.densityOf({ text, vector });
      room.giveBack(pair);
      return density;
    },
  };
}

function isZero(value: number): boolean {
  return value === 0;
}

/** A second vector lowers the energy, and nothing else. */
function isWanted(ranking: Ranking, wanted: WantedRanking | undefined): boolean {
  if (wanted === undefined) return true;
  const verdict = decide(ranking, wanted.thresholds);
  return verdict.kind === "accept" && verdict.agent.probability >= wanted.confidence;
}

/**
 * Ranks messages, and knows the last one: a turn asks about its message in its conversation and then alone, and it is ranked
 * once for both.
 */
export function rememberLast(rank: MessageReader["rank"]): MessageReader["rank"] {
  let last: { readonly message: string; readonly read: ReadMessage } | undefined;
  return (message, signal, wanted) => {
    if (signal.aborted) return Promise.reject(signal.reason);
    if (last?.message === message) return last.read;
    return after(rank(message, signal, wanted), (read) => {
      if (wanted === undefined) last = { message, read };
      return read;
    });
  };
}
