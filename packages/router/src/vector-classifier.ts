/**
 * The classifier that needs no language model: embed the message, rank the capabilities, decide. With a history,
 * the message is read as the next of its conversation.
 */
import type { EmbeddingModel } from "@lmos/embeddings";
import { type Glance as HeadGlance, isAcceptable, rankInConversation, type Thresholds } from "@lmos/ranking";
import { type CountedHistory, countedHistory } from "./conversation.ts";
import { mereCourtesy } from "./courtesy.ts";
import { isReadable } from "./coverage.ts";
import { type RankedMessage, toDecision } from "./decision.ts";
import { RouterError } from "./errors.ts";
import { inTurn, staysUnread, withFollowUp } from "./follow-up.ts";
import { createMessageReader, type ReadMessage, rememberLast } from "./message-reader.ts";
import type { Classifier, ClassifyRequest, Glance } from "./model.ts";
import { readConversation } from "./read-conversation.ts";
import type { RouterIndex } from "./router-index.ts";
import { after, type Soon } from "./soon.ts";

/**
 * A classifier over one index. Its `classify` never refuses a message: what cannot be read is decided as "none". It
 * rejects with what the embedding model throws, and with a RankingError when the model gives a vector that is not
 * finite.
 *
 * @throws RouterError `ModelMismatch` when the index was built with another model.
 */
export function createVectorClassifier(options: VectorClassifierOptions): Classifier {
  const { rank: rankMessage, glance } = createMessageRanker(options);
  const decidedFor = { agents: options.index.agents, language: options.language };
  return {
    ...(glance && { glance }),
    classify: async (request, call) => {
      const ranked = rankMessage(request, call);
      return toDecision(decidedFor, ranked instanceof Promise ? await ranked : ranked, request);
    },
  };
}

/** What decides by vectors. */
export interface VectorClassifierOptions {
  readonly index: RouterIndex;
  readonly embedding: EmbeddingModel;
  /** In place of those that the index learnt, for example calibrated ones. */
  readonly thresholds?: { readonly [Name in keyof Thresholds]?: number | undefined } | undefined;
  /** Language tag of the questions to the user, such as `de`; that of the conversation unless given. */
  readonly language?: string | undefined;
}

/** Ranks messages, ready to be decided about; throws what it does not reject with. */
export interface MessageRanker {
  /** A message alone or in its conversation. */
  readonly rank: (request: ClassifyRequest, options: { readonly signal: AbortSignal }) => Soon<RankedMessage>;
  /** Not there for a service of vectors, which is asked as often for a glance as for all. */
  readonly glance: Classifier["glance"];
}

/**
 * The part of the classifier before the decision.
 *
 * @throws RouterError `ModelMismatch` when the index was built with another model.
 */
export function createMessageRanker(options: VectorClassifierOptions): MessageRanker {
  const { index, embedding } = options;
  const learnt = index.head.thresholds;
  const thresholds = {
    energy: options.thresholds?.energy ?? learnt.energy,
    margin: options.thresholds?.margin ?? learnt.margin,
  };
  if (index.modelId !== embedding.id) {
    const reason = `index built with ${index.modelId}, messages embedded with ${embedding.id}`;
    throw new RouterError("ModelMismatch", reason);
  }
  const names = new Set(index.agents.map(({ name }) => name));
  const isThere = (agent: string): boolean => names.has(agent);
  // A greeting resembles some agent, as everything does; in a conversation it is for who has the turn.
  const asksForNothing = (message: string): boolean =>
    !index.answersCourtesy && mereCourtesy(message) !== undefined;
  const reader = createMessageReader(index, embedding);
  const rank = rememberLast(reader.rank);
  const inConversation = async (
    { text, ranking }: ReadMessage,
    { message, counted, coverage }: CountedMessage,
    signal: AbortSignal,
  ): Promise<RankedMessage> => {
    const asked = { message, whole: ranking, counted, isThere };
    const conversation = await readConversation(asked, reader, signal);
    const { holder } = conversation;
    const followed = { ...rankInConversation(conversation), holder };
    const followUp = withFollowUp(followed, { text, thresholds });
    const { ranking: decided } = followUp;
    const staysUnheard = (): boolean => {
      const isForeign = mereCourtesy(message) === undefined && index.coverage.hasForeignWords(text);
      return staysUnread({ ...followed, ranking: decided }, { text, isForeign });
    };
    return {
      ranking: decided,
      thresholds: inTurn(thresholds, { ...followUp, holder }),
      coverage: !isReadable(coverage) && staysUnheard() ? 1 : coverage,
      conversation: { holder, stayFactor: followed.stayFactor },
    };
  };
  const rankRequest: MessageRanker["rank"] = (request, { signal }) => {
    const { message, leastConfidence } = request;
    const counted = countedHistory(request);
    const isPart = leastConfidence !== undefined && counted === undefined;
    const wanted = isPart ? { confidence: leastConfidence, thresholds } : undefined;
    return after(rank(message, signal, wanted), (read) => {
      if (counted === undefined) {
        const isForNobody = read.isEmpty || asksForNothing(message);
        return {
          ranking: read.ranking,
          thresholds,
          coverage: isForNobody ? 0 : index.coverage.ofFirst(read.text),
        };
      }
      const coverage = read.isEmpty ? 0 : index.coverage.of(read.text);
      return inConversation(read, { message, counted, coverage }, signal);
    });
  };
  const glance: MessageRanker["glance"] = (message, { signal }) => {
    if (asksForNothing(message)) return { kind: "nobody" };
    return after(reader.glance(message, signal), (seen) => toGlance(seen, thresholds));
  };
  return { rank: rankRequest, glance: embedding.isRemote === true ? undefined : glance };
}

function toGlance(seen: HeadGlance | undefined, thresholds: Thresholds): Glance {
  if (seen?.agent === undefined || !isAcceptable(seen, thresholds)) return { kind: "nobody" };
  return { kind: "perhaps", agent: seen.agent, confidence: seen.probability };
}

/** A message that is not alone. */
interface CountedMessage {
  readonly message: string;
  readonly counted: CountedHistory;
  /** Share of its words that can be read. */
  readonly coverage: number;
}
