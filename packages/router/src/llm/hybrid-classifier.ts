/**
 * Vectors first, a language model where they are unsure (messages that would be asked about, and those just below the
 * energy threshold) or wherever it is wanted. It may only choose among the candidates that the vectors found, or none,
 * or have the user asked. Whatever goes wrong with it, the answer is that of the vectors, and says so.
 */
import { createHash } from "node:crypto";
import type { Clock, Random } from "@lmos/primitives";
import { type CapabilityCandidate, decide } from "@lmos/ranking";
import { countedHistory } from "../conversation.ts";
import { isReadable } from "../coverage.ts";
import { messagesOf, type RankedMessage, toDecision } from "../decision.ts";
import type { Classifier, ClassifyRequest, ModelFailure, RoutingDecision } from "../model.ts";
import { languageFor } from "../sentences/sentences-for.ts";
import { createMessageRanker, type VectorClassifierOptions } from "../vector-classifier.ts";
import { choiceFormat } from "./answer-format.ts";
import type { ChatModel, ModelCallOptions } from "./chat-model.ts";
import { choicePrompt, noneId, unclearId } from "./choice-prompt.ts";
import { callGuarded, type ModelSpending } from "./guarded-call.ts";
import { createModelGuard, type ModelGuard } from "./model-guard.ts";
import { mostTokens } from "./most-tokens.ts";
import { parseChoice } from "./parse-choice.ts";
import { type PlanStageOptions, planMessage } from "./plan-stage.ts";

/** How a hybrid classifier is made. */
export interface HybridClassifierOptions extends VectorClassifierOptions {
  readonly model: ChatModel;
  readonly clock: Clock;
  readonly random: Random;
  /** Asked about doubtful messages (unless given), or about all that can be read. */
  readonly asks?: "doubtful" | "all" | undefined;
  /** Milliseconds that the model has; 1,500 unless given. */
  readonly timeoutMs?: number | undefined;
  /** Calls within any minute; 120 unless given. Of no meaning with a `guard`. */
  readonly callsPerMinute?: number | undefined;
  /** That of the model, where several classifiers ask it; one of its own unless given. */
  readonly guard?: ModelGuard | undefined;
  /** Out of what its calls are paid. */
  readonly spending?: ModelSpending | undefined;
}

const defaultTimeoutMs = 1500;
/** So far below the energy threshold a message is worth asking about. */
const doubtfulEnergy = 1;
const maxRemembered = 1000;

/** What the model said. */
type Answer =
  | { readonly kind: "candidate"; readonly candidate: CapabilityCandidate }
  | { readonly kind: "none" }
  | { readonly kind: "unclear"; readonly question: string | undefined };

/**
 * A classifier over one index. Answers of the model are remembered by the message and what was said just before it, for
 * as long as the index serves.
 *
 * @throws RouterError `ModelMismatch` when the index was built with another embedding model.
 */
export function createHybridClassifier(options: HybridClassifierOptions): Classifier {
  const { rank: rankMessage, glance } = createMessageRanker(options);
  const decidedFor = { agents: options.index.agents, language: options.language };
  const { index, model, clock, random, callsPerMinute, timeoutMs = defaultTimeoutMs } = options;
  const { spending = {} } = options;
  const guard = options.guard ?? createModelGuard({ clock, callsPerMinute });
  const asking = new ModelStage(options, guard);
  const wants = options.asks === "all" ? isAnswerable : isDoubtful;
  return {
    ...(glance && { glance }),
    classify: async (request, { signal }) => {
      const ranked = await rankMessage(request, { signal });
      const byVectors = toDecision(decidedFor, ranked, request);
      if (request.withoutModel === true || !wants(ranked)) return byVectors;
      const counted = countedHistory(request) === undefined ? { ...request, history: [] } : request;
      const answer = await asking.ask(counted, ranked, signal);
      return typeof answer === "string" ? flagged(byVectors, answer) : decided(byVectors, answer, ranked);
    },
    ...(model.divide !== undefined && {
      plan: planner({
        ...{ index, rankMessage, guard, clock, random, spending },
        divide: model.divide,
        timeoutMs,
      }),
    }),
  };
}

function planner(options: PlanStageOptions): NonNullable<Classifier["plan"]> {
  return (request, call) => planMessage(request, options, call);
}

function isAnswerable(ranked: RankedMessage): boolean {
  return isReadable(ranked.coverage) && ranked.ranking.agents.length > 0;
}

function isDoubtful(ranked: RankedMessage): boolean {
  const { ranking, thresholds } = ranked;
  if (!isAnswerable(ranked)) return false;
  const { kind } = decide(ranking, thresholds);
  return kind === "ask" || (kind === "none" && ranking.energy >= thresholds.energy - doubtfulEnergy);
}

/** Asks the model, within its deadline and its guard, and remembers what it said. */
class ModelStage {
  readonly #options: HybridClassifierOptions;
  readonly #guard: ModelGuard;
  readonly #remembered = new Map<string, Answer>();

  constructor(options: HybridClassifierOptions, guard: ModelGuard) {
    this.#options = options;
    this.#guard = guard;
  }

  /** Rejects only with the reason of the signal. */
  async ask(
    request: ClassifyRequest,
    ranked: RankedMessage,
    signal: AbortSignal,
  ): Promise<Answer | ModelFailure> {
    const key = requestHash(request);
    const known = this.#remembered.get(key);
    if (known !== undefined) return known;
    const answer = await this.#call(request, ranked, signal);
    if (typeof answer !== "string") remember(this.#remembered, key, answer);
    return answer;
  }

  async #call(
    request: ClassifyRequest,
    ranked: RankedMessage,
    signal: AbortSignal,
  ): Promise<Answer | ModelFailure> {
    const { index, model, random, clock, timeoutMs = defaultTimeoutMs, language } = this.#options;
    const { spending } = this.#options;
    const mayAsk = decide(ranked.ranking, ranked.thresholds).kind === "ask";
    const prompt = choicePrompt(request, ranked.ranking, {
      ...{ agents: index.agents, random },
      questionIn: mayAsk ? languageFor({ declared: language, messages: messagesOf(request) }) : undefined,
    });
    const choose = (call: ModelCallOptions) => model.choose(prompt.request, call);
    const said = await callGuarded(choose, {
      ...spending,
      guard: this.#guard,
      ...{ clock, timeoutMs, signal },
      most: mostTokens(prompt.request, choiceFormat(prompt.request)),
    });
    if (said.kind === "failed") return said.failure;
    return answerOf(said.text, prompt) ?? "invalid-answer";
  }
}

function answerOf(
  text: string,
  { request, candidates }: ReturnType<typeof choicePrompt>,
): Answer | undefined {
  const choice = parseChoice(text, request.ids, request.system);
  if (choice === undefined) return undefined;
  if (choice.id === noneId) return { kind: "none" };
  if (choice.id === unclearId) return { kind: "unclear", question: choice.question };
  const candidate = candidates.get(choice.id);
  return candidate === undefined ? undefined : { kind: "candidate", candidate };
}

function requestHash({ message, history }: ClassifyRequest): string {
  const content = JSON.stringify([message, history.slice(-8)]);
  return createHash("sha256").update(content).digest("base64");
}

function remember(answers: Map<string, Answer>, key: string, answer: Answer): void {
  answers.set(key, answer);
  const oldest = answers.keys().next().value;
  if (answers.size > maxRemembered && oldest !== undefined) answers.delete(oldest);
}

function flagged(decision: RoutingDecision, modelFailure: ModelFailure): RoutingDecision {
  return { ...decision, explanation: { ...decision.explanation, modelFailure } };
}

function decided(byVectors: RoutingDecision, answer: Answer, ranked: RankedMessage): RoutingDecision {
  const explanation = { ...byVectors.explanation, stage: "llm" as const };
  const { alternatives, confidence } = byVectors;
  switch (answer.kind) {
    case "candidate":
      return { ...accepted(answer.candidate, alternatives, ranked), explanation };
    case "none":
      return { decision: "none", confidence, alternatives, explanation };
    case "unclear":
      return byVectors.decision === "ask"
        ? { ...byVectors, question: answer.question ?? byVectors.question, explanation }
        : { ...byVectors, explanation };
    default:
      return answer satisfies never;
  }
}

function accepted(
  { agent, capability }: CapabilityCandidate,
  alternatives: RoutingDecision["alternatives"],
  { ranking }: RankedMessage,
) {
  const confidence = ranking.agents.find((candidate) => candidate.agent === agent)?.probability ?? 0;
  const others = alternatives.filter((alternative) => alternative.agent !== agent);
  return {
    decision: "accept" as const,
    agent,
    capability,
    confidence,
    alternatives: [{ agent, capability, confidence }, ...others].slice(0, 3),
  };
}
