/** What is said to users when no agent speaks: a closed catalogue, a file for each language. */

/** All that is said, in one language. */
export interface Sentences {
  readonly greeting: string;
  /** The answer to thanks. */
  readonly welcome: string;
  readonly parting: string;
  /** The answer to what no agent is for. */
  readonly refusal: string;
  /** The same where there is nothing to offer instead. */
  readonly refusalForNow: string;
  /** After one of those above. */
  readonly offer: (topics: readonly string[]) => string;
  /** The question to a user about whose message nothing can be said. Ends with "?", as all questions do. */
  readonly whichTopic: (topics: readonly string[]) => string;
  /** The question which of several agents is meant. */
  readonly whichChoice: (options: readonly string[]) => string;
  /** An agent hands over, and there is nobody to take over. */
  readonly nobodyTakesOver: string;
  /** In place of the answer to a part of a message. */
  readonly unanswered: (part: string) => string;
  /** In place of the answer to a part that was not asked, as it needs what nobody answered. */
  readonly skipped: (part: string) => string;
}
