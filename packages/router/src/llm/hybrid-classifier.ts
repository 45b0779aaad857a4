/**
 * Vectors first, a language model where they are unsure: messages that would be asked about, and those just below the
 * energy threshold. It may only choose among the candidates that the vectors found, or none. Whatever goes wrong with it,
 * the answer is that of the vectors, and says so.
 */
import { createHash } from "node:crypto";
import { abortable, type Clock, DeadlineExceededError, type Random, withDeadline } from "@lmos/primitives";
import { type CapabilityCandidate, decide } from "@lmos/ranking";
import { isReadable, type RankedMessage, toDecision } from "../decision.ts";
import type { Classifier, ClassifyRequest, ModelFailure, RoutingDecision } from "../model.ts";
import { createMessageRanker, type VectorClassifierOptions } from "../vector-classifier.ts";
import { createCallBudget } from "./call-budget.ts";
import type { ChatModel } from "./chat-model.ts";
import { choicePrompt, noneId } from "./choice-prompt.ts";
import { parseChoice } from "./parse-choice.ts";

/** How a hybrid classifier is made. */
export interface HybridClassifierOptions extends VectorClassifierOptions {
  readonly model: ChatModel;
  readonly clock: Clock;
  readonly random: Random;
  /** Milliseconds that the model has; 1,500 unless given. */
  readonly timeoutMs?: number | undefined;
  /** Calls within any minute; 120 unless given. */
  readonly callsPerMinute?: number | undefined;
}

const defaultTimeoutMs = 1500;
const defaultCallsPerMinute = 120;
/** So far below the energy threshold a message is worth asking about. */
const doubtfulEnergy = 1;
const maxRemembered = 1000;

/** What the model chose; undefined stands for none of the candidates. */
interface Choice {
  readonly chosen: CapabilityCandidate | undefined;
}

/**
 * A classifier over one index. Answers of the model are remembered by the message and what was said just before it, for
 * as long as the index serves.
 *
 * @throws RouterError `ModelMismatch` when the index was built with another embedding model.
 */
export function createHybridClassifier(options: HybridClassifierOptions): Classifier {
  const { index, model, clock, random } = options;
  const { timeoutMs = defaultTimeoutMs, callsPerMinute = defaultCallsPerMinute } = options;
  const rankMessage = createMessageRanker(options);
  const budget = createCallBudget(callsPerMinute, clock);
  const remembered = new Map<string, Choice>();

  const ask = async (
    request: ClassifyRequest,
    ranked: RankedMessage,
    signal: AbortSignal,
  ): Promise<Choice | ModelFailure> => {
    const key = requestHash(request);
    const known = remembered.get(key);
    if (known !== undefined) return known;
    if (!budget.take()) return "over-budget";
    const prompt = choicePrompt(request, ranked.ranking, { agents: index.agents, random });
    using deadline = withDeadline("the language model", timeoutMs, { signal, clock });
    const chosen = model.choose(prompt.request, { signal: deadline.signal });
    const answer = await abortable(chosen, deadline.signal);
    const id = parseChoice(answer, prompt.request.ids);
    if (id === undefined) return "invalid-answer";
    const choice = { chosen: id === noneId ? undefined : prompt.candidates.get(id) };
    remember(remembered, key, choice);
    return choice;
  };

  return {
    classify: async (request, { signal }) => {
      const ranked = await rankMessage(request, { signal });
      const byVectors = toDecision(index.agents, ranked);
      if (!isDoubtful(ranked)) return byVectors;
      const answer = await ask(request, ranked, signal).catch((error: unknown) => {
        signal.throwIfAborted();
        return failureOf(error);
      });
      return typeof answer === "string" ? flagged(byVectors, answer) : chosenBy(byVectors, answer, ranked);
    },
  };
}

function isDoubtful(ranked: RankedMessage): boolean {
  const { ranking, thresholds } = ranked;
  if (!isReadable(ranked) || ranking.agents.length === 0) return false;
  const { kind } = decide(ranking, thresholds);
  return kind === "ask" || (kind === "none" && ranking.energy >= thresholds.energy - doubtfulEnergy);
}

function requestHash({ message, history, idleMs, handedOver }: ClassifyRequest): string {
  const content = JSON.stringify([message, history.slice(-8), idleMs ?? 0, handedOver ?? false]);
  return createHash("sha256").update(content).digest("base64");
}

function remember(choices: Map<string, Choice>, key: string, choice: Choice): void {
  choices.set(key, choice);
  const oldest = choices.keys().next().value;
  if (choices.size > maxRemembered && oldest !== undefined) choices.delete(oldest);
}

function failureOf(error: unknown): ModelFailure {
  return error instanceof DeadlineExceededError ? "timeout" : "unavailable";
}

function flagged(decision: RoutingDecision, modelFailure: ModelFailure): RoutingDecision {
  return { ...decision, explanation: { ...decision.explanation, modelFailure } };
}

function chosenBy(
  decision: RoutingDecision,
  { chosen }: Choice,
  { ranking }: RankedMessage,
): RoutingDecision {
  const explanation = { ...decision.explanation, stage: "llm" as const };
  const { alternatives } = decision;
  if (chosen === undefined) {
    return { decision: "none", confidence: decision.confidence, alternatives, explanation };
  }
  const { agent, capability } = chosen;
  const confidence = ranking.agents.find((candidate) => candidate.agent === agent)?.probability ?? 0;
  const others = alternatives.filter((alternative) => alternative.agent !== agent);
  return {
    decision: "accept",
    agent,
    capability,
    confidence,
    alternatives: [{ agent, capability, confidence }, ...others].slice(0, 3),
    explanation,
  };
}
