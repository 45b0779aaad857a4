/**
 * What the words of a language tell, whatever a channel is about. All tables have this shape, and all of them are heard at
 * once: nobody says in which language a message is. So a word that means something else in another language (German "war" is
 * no noun of English ones' messages, but "will" and "was" are verbs in both) stands only where it does no harm.
 *
 * A `Words` is a list of alternatives of a regular expression, to be matched between the ends of words and without regard to
 * case.
 */

/** Alternatives: `"and|as well as"`. */
export type Words = string;

/** Politeness around a message, and messages that are nothing else. */
export interface CourtesyWords {
  /** At the beginning of a message: greetings, and what people say before they come to it. */
  readonly openings: Words;
  /** At its end. */
  readonly closings: Words;
  readonly greetings: Words;
  readonly thanks: Words;
  readonly partings: Words;
  /** What stands around these: "so much", "for your help". */
  readonly around: Words;
}

/** How a message stands to what was said before it. */
export interface TurnWords {
  /** It begins something new: "by the way". */
  readonly changes: Words;
  /** At its beginning: they tie it to the sentence before. */
  readonly conjunctions: Words;
  /** At its beginning: a part of a sentence follows, such as where, when or for whom. */
  readonly prepositions: Words;
  /** What a sentence of its own has: a subject, or one of the commonest verbs. */
  readonly sentence: Words;
  /** They stand for something that was said before. */
  readonly pronouns: Words;
  /** They do so by themselves and before one of these: "that is", not "that parcel". */
  readonly demonstratives: Words;
  readonly afterDemonstratives: Words;
  /** At its beginning, perhaps after "oh": it puts right what was said before. */
  readonly corrections: Words;
  /** What follows up to the next mark is not meant: "not the bill, the contract". Some articles must come next. */
  readonly denials: Words;
  /** At its beginning: they only tie it to what was said before ("alright, next one"). */
  readonly transitions: Words;
  /** The same at its end. */
  readonly lastTransitions: Words;
}

/** Where a message may be cut. */
export interface PartWords {
  /** Between two parts. */
  readonly joints: Words;
  /** At the beginning of a part, where they only join. */
  readonly joining: Words;
  /** At its beginning: it cannot be answered before the part before it. */
  readonly references: Words;
  /** What a clause or phrase begins with that stands before its main clause. */
  readonly fronted: Words;
  /** Before a thing: two words that name one stand alone ("the weather"). */
  readonly articles: Words;
}

/** Messages that name topics, and leave open what about them. */
export interface TopicWords {
  readonly or: Words;
  readonly and: Words;
  /** What a sentence has and a topic has not. */
  readonly verbs: Words;
  /** Right before the topics; a few words may stand before these: "I have a question about". */
  readonly introductions: Words;
  /** After the topics: "I don't know"; whatever follows says no more. */
  readonly doubts: Words;
  /** At the very end: "please". */
  readonly closings: Words;
}

/** Replies to a question which of several things is meant. Lists of words, separated by blanks. */
export interface ReplyWords {
  /** Of the first choice, of the second and so on. */
  readonly positions: readonly string[];
  readonly last: string;
  /** Words that say nothing of which is meant. */
  readonly fillers: string;
  /** None of them, and words that may go with that. */
  readonly refusals: string;
  readonly refusalCompany: string;
  /** All of them, and words that may go with that. */
  readonly all: string;
  readonly allCompany: string;
}

/** How a language is called, without its region. */
export type LanguageTag = "en" | "de";

/** One table. */
export interface Language {
  readonly tag: LanguageTag;
  readonly courtesy: CourtesyWords;
  readonly turn: TurnWords;
  readonly parts: PartWords;
  readonly topics: TopicWords;
  readonly replies: ReplyWords;
  /** Words that every text is full of, whatever it is about; lists of words, separated by blanks. */
  readonly functionWords: readonly string[];
  /** What people say about everything, most of which no catalogue covers: how high the energy of unrelated messages gets. */
  readonly everyday: readonly string[];
}
