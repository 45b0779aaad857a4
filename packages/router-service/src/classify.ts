/**
 * One message through the classifier of its agents: what the doors share. Where there is no decision by vectors, or none in
 * time, words decide: callers are answered whatever fails.
 */
import { type Clock, errorMessage, type Logger, withDeadline } from "@lmos/primitives";
import {
  type AddressedAgent,
  type ChannelScope,
  type ClassifyRequest,
  decideByWords,
  type RoutingDecision,
  type RoutingMode,
} from "@lmos/router";
import { asRoutable, type Classifiers } from "./classifiers.ts";
import type { HttpFailure } from "./http-failure.ts";
import type { RouterServiceMetrics } from "./metrics.ts";

/** What classifying needs. */
export interface ClassifyServices {
  readonly classifiers: Classifiers;
  readonly metrics: RouterServiceMetrics;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Time for one request, the building of its classifier included. */
  readonly timeoutMs: number;
}

/** What is classified. */
export interface ClassifyQuestion {
  readonly mode: RoutingMode;
  readonly scope: ChannelScope;
  readonly agents: readonly AddressedAgent[];
  readonly request: ClassifyRequest;
}

/** The decision, or why there is none. */
export type Classified =
  | { readonly kind: "decided"; readonly decision: RoutingDecision }
  | { readonly kind: "failed"; readonly failure: HttpFailure };

/** Decides, within the time. */
export async function classify(
  { mode, scope, agents, request }: ClassifyQuestion,
  services: ClassifyServices & { readonly signal: AbortSignal },
): Promise<Classified> {
  const { classifiers, metrics, clock, timeoutMs } = services;
  using deadline = withDeadline("classifying", timeoutMs, services);
  const { signal } = deadline;
  const startedMs = clock.monotonic();
  try {
    const classifier = await classifiers.classifierFor(mode, { agents, scope }, { signal });
    if (classifier === undefined) return { kind: "failed", failure: notConfigured(mode) };
    const decision = await classifier.classify(request, { signal });
    metrics.decided({ mode, decision: decision.decision, ms: clock.monotonic() - startedMs });
    return { kind: "decided", decision };
  } catch (error) {
    services.signal.throwIfAborted();
    services.logger.warn("A message was decided by words", { mode, ...scope, error: errorMessage(error) });
    const decision = decideByWords(request.message, asRoutable(agents));
    metrics.fellBack(mode);
    metrics.decided({ mode, decision: decision.decision, ms: clock.monotonic() - startedMs });
    return { kind: "decided", decision };
  }
}

function notConfigured(mode: RoutingMode): HttpFailure {
  return {
    status: 501,
    code: "MODEL_NOT_CONFIGURED",
    message: `The mode ${mode} needs a language model: start with --llm-base-url and --llm-model, or ask for vector.`,
  };
}
