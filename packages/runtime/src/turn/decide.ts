/** Asks a channel's classifier for one turn, which may ask several times. What failed once is not waited for again. */
import { faultFields, type Logger } from "@lmos/primitives";
import type { Message } from "@lmos/protocol";
import type {
  Classifier,
  ClassifyRequest,
  Glance,
  HistoryMessage,
  PlannedPart,
  PlanRequest,
  RoutingDecision,
} from "@lmos/router";
import type { RememberedMessage } from "../conversation/conversation-memory.ts";
import { loggable } from "../loggable.ts";
import type { RoutingSnapshot } from "../routing/snapshot.ts";
import { withAnsweringAgents } from "./answered-by.ts";
import type { EarlierPart, PartFinders } from "./find-parts.ts";
import type { Turn } from "./turn.ts";

/** What deciding needs. */
export interface DecideServices {
  readonly logger: Logger;
}

/** How a message is classified, beside what was said. */
export type How = Pick<ClassifyRequest, "withoutModel" | "leastConfidence" | "idleMs" | "handedOver">;

/** Classifies the last message of the user, after those before it; undefined where there is no decision. */
export type Classify = (messages: readonly Message[], how?: How) => Promise<RoutingDecision | undefined>;

/** The questions of one turn. Each throws the signal's reason, and nothing else. */
export interface Decider {
  readonly classify: Classify;
  /** Classifies a piece of a message, by vectors alone. */
  readonly classifyPiece: PartFinders["classify"];
  /** A first look at a piece; not there where the classifier has none. */
  readonly glance: PartFinders["glance"];
  /** Divides a message; undefined where no language model does, or it gives no plan. */
  readonly plan: ((request: PlanRequest) => Promise<readonly PlannedPart[] | undefined>) | undefined;
}

/** Of what a turn is decided. */
export interface DecideContext {
  readonly snapshot: Pick<RoutingSnapshot, "classifier" | "identity" | "hash">;
  /** Of the conversation, with who answered. */
  readonly remembered: readonly RememberedMessage[];
  readonly services: DecideServices;
  readonly signal: AbortSignal;
}

/**
 * For one turn. A classifier that fails is asked no more, a language model that fails is left out of what is asked
 * later: otherwise the turn would wait for the same failure again and again.
 */
export function createDecider(turn: Turn, context: DecideContext): Decider {
  const { snapshot, remembered } = context;
  const { classifier } = snapshot;
  if (classifier === undefined)
    return {
      ...{ glance: undefined, plan: undefined },
      ...{ classify: async () => undefined, classifyPiece: async () => undefined },
    };
  const asking = new Asking(turn, { ...context, classifier });
  return {
    classify: (messages, how) => {
      const request = requestOf(withAnsweringAgents(messages, remembered));
      return asking.classify({ ...request, ...how });
    },
    classifyPiece: (message, { leastConfidence, after }) =>
      asking.classify({ message, history: historyOf(after), withoutModel: true, leastConfidence }),
    glance: classifier.glance && ((message) => asking.glance(message)),
    plan: classifier.plan && ((request) => asking.plan(request)),
  };
}

function requestOf(messages: readonly HistoryMessage[]): Pick<ClassifyRequest, "message" | "history"> {
  const last = messages.findLastIndex(({ role }) => role === "user");
  return { message: messages[last]?.content ?? "", history: messages.slice(0, last) };
}

const unseen: Glance = { kind: "unknown" };

/** An earlier part of a message as if it had been answered. */
function historyOf(earlier: EarlierPart | undefined): readonly HistoryMessage[] {
  if (earlier === undefined) return [];
  const { text, agent } = earlier;
  return [
    { role: "user", content: text },
    { role: "assistant", content: "", agent },
  ];
}

class Asking {
  readonly #turn: Turn;
  readonly #context: DecideContext & { readonly classifier: Classifier };
  #isBroken = false;
  #isModelBroken = false;

  constructor(turn: Turn, context: DecideContext & { readonly classifier: Classifier }) {
    this.#turn = turn;
    this.#context = context;
  }

  async classify(request: ClassifyRequest): Promise<RoutingDecision | undefined> {
    if (this.#isBroken) return undefined;
    const { classifier, signal } = this.#context;
    const asked = this.#isModelBroken ? { ...request, withoutModel: true } : request;
    try {
      const decision = await classifier.classify(asked, { signal });
      const failure = decision.explanation.modelFailure;
      if (failure === "timeout" || failure === "unavailable") this.#isModelBroken = true;
      return decision;
    } catch (error) {
      this.#failed(error);
      this.#isBroken = true;
      return undefined;
    }
  }

  /** `unknown` where the classifier fails: that is told when it is asked in earnest. */
  glance(message: string): Glance | Promise<Glance> {
    const { classifier, signal } = this.#context;
    if (this.#isBroken) return unseen;
    try {
      const glance = classifier.glance?.(message, { signal }) ?? unseen;
      return glance instanceof Promise ? glance.catch(() => unseen) : glance;
    } catch {
      return unseen;
    }
  }

  async plan(request: PlanRequest): Promise<readonly PlannedPart[] | undefined> {
    if (this.#isBroken || this.#isModelBroken) return undefined;
    const { classifier, signal } = this.#context;
    let parts: readonly PlannedPart[] | undefined;
    try {
      parts = await classifier.plan?.(request, { signal });
    } catch (error) {
      this.#failed(error);
    }
    this.#isModelBroken = parts === undefined; // whatever kept it from a plan: once is enough
    return parts;
  }

  /** Tells of it; throws where it is the turn that has ended. */
  #failed(error: unknown): void {
    const { snapshot, services, signal } = this.#context;
    signal.throwIfAborted();
    services.logger.warn("A message cannot be classified, its user gets a question", {
      ...snapshot.identity,
      turnId: loggable(this.#turn.turnId),
      snapshot: snapshot.hash,
      ...faultFields(error),
    });
  }
}
