/** Has a language model divide messages, and checks what it says against the candidates that it was offered. */
import type { Clock, Random } from "@lmos/primitives";
import type { CapabilityCandidate } from "@lmos/ranking";
import type { PlannedPart, PlanRequest } from "../model.ts";
import type { RouterIndex } from "../router-index.ts";
import type { MessageRanker } from "../vector-classifier.ts";
import { planFormat } from "./answer-format.ts";
import type { ChatModel, ModelCallOptions } from "./chat-model.ts";
import { callGuarded, type ModelSpending } from "./guarded-call.ts";
import type { ModelGuard } from "./model-guard.ts";
import { mostTokens } from "./most-tokens.ts";
import { distinct, type OfferedCandidates, shortlistOf } from "./offered-candidates.ts";
import { type ParsedPart, parsePlan } from "./parse-plan.ts";
import { planPrompt } from "./plan-prompt.ts";

/** What dividing needs. */
export interface PlanStageOptions {
  readonly index: RouterIndex;
  readonly rankMessage: MessageRanker["rank"];
  readonly divide: NonNullable<ChatModel["divide"]>;
  readonly guard: ModelGuard;
  readonly clock: Clock;
  readonly random: Random;
  readonly timeoutMs: number;
  readonly spending: ModelSpending;
}

/** Candidates of each piece; the likeliest of all of them are offered. */
const perPiece = 5;

/** Divides a message; undefined when the model gives no plan that holds. Rejects as a ranker does. */
export async function planMessage(
  request: PlanRequest,
  { index, rankMessage, divide, guard, clock, random, timeoutMs, spending }: PlanStageOptions,
  { signal }: { readonly signal: AbortSignal },
): Promise<readonly PlannedPart[] | undefined> {
  const candidates = await candidatesOf(request.pieces, rankMessage, signal);
  const { agents } = index;
  const prompt = planPrompt(request, candidates, { agents, random });
  const call = (options: ModelCallOptions) => divide(prompt.request, options);
  const most = mostTokens(prompt.request, planFormat(prompt.request));
  const said = await callGuarded(call, { ...spending, guard, clock, timeoutMs, most, signal });
  if (said.kind === "failed") return undefined;
  const { ids, system } = prompt.request;
  return parsePlan(said.text, ids, system)?.flatMap((part) => toPlanned(part, prompt.candidates));
}

async function candidatesOf(
  pieces: readonly string[],
  rankMessage: MessageRanker["rank"],
  signal: AbortSignal,
): Promise<readonly CapabilityCandidate[]> {
  const ranked = await Promise.all(
    pieces.map((message) => rankMessage({ message, history: [] }, { signal })),
  );
  const shortlists = ranked.map(({ ranking }) => shortlistOf(ranking).slice(0, perPiece));
  return distinct(shortlists.flat()).toSorted((left, right) => right.probability - left.probability);
}

function toPlanned({ id, text, needs }: ParsedPart, candidates: OfferedCandidates): readonly PlannedPart[] {
  const candidate = candidates.get(id);
  if (candidate === undefined) return [];
  const { agent, capability, probability } = candidate;
  return [{ agent, capability, confidence: probability, text, needs }];
}
