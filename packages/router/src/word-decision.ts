/**
 * A decision by words alone: what is left while no vectors can be had. It knows no meanings. So it accepts only where a
 * message says half of what it says in words of one agent, and asks otherwise.
 */
import { backgroundSentences } from "@lmos/ranking";
import { withoutCourtesy } from "./courtesy.ts";
import { scoredText } from "./message-text.ts";
import type { Alternative, RoutableAgent, RoutableCapability, RoutingDecision } from "./model.ts";
import { clarifyingQuestion } from "./question.ts";
import { wordsOf } from "./words.ts";

/**
 * What the best agent must reach to be accepted: a weight (a rare word has 1), a share of the weight of the whole message,
 * and a distance to the next agent in parts of its own weight. Of CLINC150's validation messages 33 % are accepted so and
 * right, 3 % accepted and wrong; of those that are out of scope 2 % are accepted.
 */
const least = { weight: 1, share: 0.5, margin: 0.4 };
const maxAlternatives = 3;

/** Decides. Without a word of the message in any agent's texts, the first agents are those in question. */
export function decideByWords(
  message: string,
  agents: readonly RoutableAgent[],
  language?: string,
): RoutingDecision {
  const words = [...new Set(wordsOf(withoutCourtesy(scoredText(message))))];
  const candidates = agents
    .flatMap((agent) => candidateOf(agent, words))
    .toSorted((a, b) => b.weight - a.weight);
  const alternatives = alternativesOf(candidates, weightOf(words));
  const [best, next] = candidates;
  if (best === undefined) {
    return { decision: "none", confidence: 0, alternatives, explanation: explain(0, 0, 0) };
  }
  const confidence = alternatives[0]?.confidence ?? 0;
  const margin = best.weight > 0 ? (best.weight - (next?.weight ?? 0)) / best.weight : 0;
  const decided = { confidence, alternatives, explanation: explain(best.weight, confidence, margin) };
  if (best.weight >= least.weight && confidence >= least.share && margin >= least.margin) {
    return { decision: "accept", agent: best.agent, capability: best.capability, ...decided };
  }
  const choices = alternatives.filter((each) => each.confidence >= confidence * (1 - least.margin));
  const said = { declared: language, messages: [{ role: "user", content: message }] };
  return { decision: "ask", question: clarifyingQuestion(choices, agents, said), choices, ...decided };
}

interface Candidate {
  readonly agent: string;
  readonly capability: string;
  readonly weight: number;
}

/** The best ones, with their share of the weight of all words. */
function alternativesOf(candidates: readonly Candidate[], all: number): readonly Alternative[] {
  return candidates
    .slice(0, maxAlternatives)
    .map(({ agent, capability, weight }) => ({ agent, capability, confidence: all > 0 ? weight / all : 0 }));
}

/** An agent with the weight of the words that its texts have, and the capability that has most of them; none without any. */
function candidateOf(
  { name: agent, capabilities }: RoutableAgent,
  words: readonly string[],
): readonly Candidate[] {
  const own = capabilities.map((capability) => ({ id: capability.id, vocabulary: vocabularyOf(capability) }));
  const weigh = (knows: (word: string) => boolean): number => weightOf(words.filter(knows));
  const weight = weigh((word) => own.some(({ vocabulary }) => vocabulary.has(word)));
  const [best] = own
    .map(({ id, vocabulary }) => ({ id, weight: weigh((word) => vocabulary.has(word)) }))
    .toSorted((a, b) => b.weight - a.weight);
  return best === undefined ? [] : [{ agent, capability: best.id, weight }];
}

function vocabularyOf({ name, description, examples }: RoutableCapability): ReadonlySet<string> {
  return new Set([name.replace(/[-_./]+/g, " "), description, ...examples].flatMap(wordsOf));
}

function weightOf(words: readonly string[]): number {
  return words.reduce((sum, word) => sum + 1 / (1 + (everyday.get(word) ?? 0)), 0);
}

/** In how many everyday sentences a word occurs: what everyone says speaks for nobody. */
const everyday: ReadonlyMap<string, number> = countSentences();

function countSentences(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const word of backgroundSentences.flatMap((sentence) => [...new Set(wordsOf(sentence))])) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}

function explain(weight: number, share: number, margin: number): RoutingDecision["explanation"] {
  return {
    stage: "words",
    ...{ margin, marginThreshold: least.margin },
    ...{ energy: weight, energyThreshold: least.weight },
    ...{ coverage: share, coverageThreshold: least.share },
    matchedExamples: [],
  };
}
