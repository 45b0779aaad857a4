/** From a ranking to the decision that the runtime acts on, with everything that explains it. */
import { type AgentCandidate, decide, type Ranking, type Thresholds, type Verdict } from "@lmos/ranking";
import { coverageThreshold, isReadable } from "./coverage.ts";
import type { SaidMessage } from "./language/conversation-language.ts";
import type {
  Alternative,
  ClassifyRequest,
  ConversationSigns,
  Explanation,
  RoutableAgent,
  RoutingDecision,
} from "./model.ts";
import { clarifyingQuestion } from "./question.ts";

const maxAlternatives = 3;

/** A message as the index sees it. */
export interface RankedMessage {
  readonly ranking: Ranking;
  readonly thresholds: Thresholds;
  /** Share of its words that can be read, 0 to 1; 0 also for a message in which there is nothing to read. */
  readonly coverage: number;
  /** What the conversation did, where the message has one. */
  readonly conversation?: ConversationSigns | undefined;
}

/** Whom decisions are for. */
export interface DecidedFor {
  readonly agents: readonly RoutableAgent[];
  /** Of the questions; that of the conversation unless given. */
  readonly language?: string | undefined;
}

/** What was said, the message included. */
export type AskedAbout = Pick<ClassifyRequest, "message" | "history">;

/** The decision about a message; one that cannot be read is never routed, however it ranks. */
export function toDecision(
  { agents, language }: DecidedFor,
  message: RankedMessage,
  request: AskedAbout,
): RoutingDecision {
  const { ranking, thresholds } = message;
  const toAlternative = alternativeOf(message);
  const alternatives = ranking.agents.slice(0, maxAlternatives).map(toAlternative);
  const common = {
    confidence: alternatives[0]?.confidence ?? 0,
    alternatives,
    explanation: explain(message),
  };
  const verdict: Verdict = isReadable(message.coverage) ? decide(ranking, thresholds) : { kind: "none" };
  switch (verdict.kind) {
    case "accept":
      return {
        decision: "accept",
        agent: verdict.agent.agent,
        capability: verdict.agent.best.capability,
        ...common,
      };
    case "ask": {
      const choices = verdict.choices.map(toAlternative);
      const said = { declared: language, messages: messagesOf(request) };
      return { decision: "ask", question: clarifyingQuestion(choices, agents, said), choices, ...common };
    }
    case "none":
      return { decision: "none", ...common };
    default:
      return verdict satisfies never;
  }
}

/** A conversation with its last message. */
export function messagesOf({ message, history }: AskedAbout): readonly SaidMessage[] {
  return [...history, { role: "user", content: message }];
}

/** Of a message that cannot be read, only the share that can be counts: the rest says nothing for any agent. */
function alternativeOf(message: RankedMessage): (candidate: AgentCandidate) => Alternative {
  const share = isReadable(message.coverage) ? 1 : message.coverage;
  const even = 1 / message.ranking.agents.length;
  return ({ agent, best, probability }) => ({
    agent,
    capability: best.capability,
    confidence: share * probability + (1 - share) * even,
  });
}

function explain({ ranking, thresholds, coverage, conversation }: RankedMessage): Explanation {
  const judged = {
    stage: "vector" as const,
    margin: ranking.margin,
    marginThreshold: thresholds.margin,
    energy: ranking.energy,
    energyThreshold: thresholds.energy,
    coverage,
    coverageThreshold,
  };
  const matchedExamples = ranking.matches;
  return conversation === undefined
    ? { ...judged, matchedExamples }
    : { ...judged, conversation, matchedExamples };
}
