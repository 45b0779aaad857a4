/** What clients are told of an operator's faults, in the Kotlin runtime's words: a sentence for each kind of question. */

/** The sentences. */
export interface OperatorWording {
  /** There is no answer. */
  readonly unanswered: string;
  /** The answer has a status that is no success, and not that there is nothing. */
  readonly refused: string;
  /** The answer is nothing of what was asked for. */
  readonly unreadable: string;
}

const ofRouting: OperatorWording = {
  unanswered: "Operator responded with an error",
  refused: "Unexpected response from operator",
  unreadable: "Unexpected response body from operator",
};

const ofChannel: OperatorWording = {
  unanswered: "Operator error getChannel",
  refused: "Unexpected response getting channel",
  unreadable: "Invalid channel body",
};

const ofChannels: OperatorWording = {
  unanswered: "Operator error listChannels",
  refused: "Unexpected response listing channels",
  unreadable: "Invalid channel list body",
};

/** The sentences for a question. */
export function operatorWording({
  channel,
  routing = false,
}: {
  /** All channels of a tenant unless given. */
  readonly channel?: string | undefined;
  readonly routing?: boolean | undefined;
}): OperatorWording {
  if (channel === undefined) return ofChannels;
  return routing ? ofRouting : ofChannel;
}
