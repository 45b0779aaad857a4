/** The second step of a turn: which agent answers? The one that the client names, the router's choice, or none yet. */
import type { Clock } from "@lmos/primitives";
import type { Alternative } from "@lmos/router";
import type { ConversationMemory, RememberedConversation } from "../conversation/conversation-memory.ts";
import { loggable } from "../loggable.ts";
import type { RoutingSnapshot } from "../routing/snapshot.ts";
import { withAnsweringAgents } from "./answered-by.ts";
import {
  type Assignment,
  agentNamed,
  type Basis,
  toAssignment,
  toChosen,
  toExplicit,
  toParts,
  toQuestion,
  toRefusal,
} from "./assignment.ts";
import { namedAgent, refusesChoices, understandChoice, wantsAll } from "./choice.ts";
import { type Classify, createDecider, type Decider, type DecideServices, type How } from "./decide.ts";
import { type TurnFailure, turnFailure } from "./failure.ts";
import { findParts, type MessagePart } from "./find-parts.ts";
import { agentWithTurn, keepsTurn, keptTurn, speaksForItself } from "./keep-turn.ts";
import { findNamedTopics, mayNameTopics } from "./named-topics.ts";
import { type AskedQuestion, findOpenQuestion, type OpenQuestion } from "./open-question.ts";
import { mayHavePieces } from "./split-message.ts";
import type { RoutingStage, Turn } from "./turn.ts";

/** What assigning needs. */
export interface AssignServices extends DecideServices {
  readonly clock: Clock;
  readonly conversations: Pick<ConversationMemory, "find">;
}

/** The failure of a turn that insists on an agent which its channel isn't wired to. */
export function checkExplicitAgent(turn: Turn, snapshot: RoutingSnapshot): TurnFailure | undefined {
  if (turn.explicitAgent === undefined || agentNamed(turn.explicitAgent, snapshot) !== undefined)
    return undefined;
  return turnFailure("unknown_agent", `No agent found with the name ${loggable(turn.explicitAgent)}`);
}

/** Decides. A classifier that fails ends with the channel's fallback agent or in a question, never in a failed turn. */
export async function assignAgent(
  turn: Turn,
  snapshot: RoutingSnapshot,
  services: AssignServices,
  { signal }: { readonly signal: AbortSignal },
): Promise<Assignment> {
  const startedAt = services.clock.monotonic();
  const explicit = agentNamed(turn.explicitAgent, snapshot);
  const remembered = services.conversations.find(turn) ?? nothingSaid;
  const decider = createDecider(turn, { snapshot, remembered: remembered.messages, services, signal });
  const { classify } = decider;
  const basis = (): Basis => ({
    snapshot,
    messages: turn.messages,
    ms: services.clock.monotonic() - startedAt,
  });
  if (explicit !== undefined) return toExplicit(explicit, { ...basis(), ms: 0 });
  const open = await findOpenQuestion(turn.messages, remembered, async (messages) =>
    questionOf(toAssignment(await classify(messages), { ...basis(), messages })),
  );
  if (open !== undefined) return assignReply(turn, open, { classify, basis });
  const rest = restOf(remembered, services.clock);
  const said = remembered.handedOver === true ? [] : withAnsweringAgents(turn.messages, remembered.messages);
  const holder = agentWithTurn(said);
  // Most messages neither name topics nor are parted: nothing is waited for then.
  const topics = mayNameSeveral(turn, holder) ? await topicsOf(turn, snapshot, classify) : undefined;
  const isAnswer = topics?.some(({ agent }) => agent === holder) === true;
  if (topics !== undefined && !isAnswer) return toQuestion(topics, basis());
  const divided = mayBeDivided(turn) ? await divide(turn, snapshot, decider, rest) : undefined;
  if (divided !== undefined) return toParts(divided.parts, divided.stage, basis());
  const decision = await classify(turn.messages, rest);
  const kept = decision?.decision === "ask" ? keptTurn(decision, said) : undefined;
  if (kept !== undefined || keepsTurn(decision, said)) {
    const alone = await classify(turn.messages.slice(-1), { withoutModel: true });
    if (speaksForItself(alone)) return toAssignment(alone, basis());
  }
  return kept === undefined ? toAssignment(decision, basis()) : toChosen(kept, "vector", basis());
}

const nothingSaid: Pick<RememberedConversation, "messages" | "handedOver"> = { messages: [] };

/** Whether what was said before still counts, as far as the runtime knows. */
function restOf({ at, handedOver }: Partial<RememberedConversation>, clock: Clock): How {
  return { idleMs: at === undefined ? undefined : Math.max(0, clock.now() - at), handedOver };
}

interface Deciding {
  readonly classify: Classify;
  readonly basis: () => Basis;
}

function questionOf(assignment: Assignment): AskedQuestion | undefined {
  if (assignment.kind !== "reply" || assignment.routing.decision !== "ask") return undefined;
  return { question: assignment.content, choices: assignment.routing.choices };
}

/** The reply to a question names one of its choices, or is about something else; it never leads to another question. */
async function assignReply(
  turn: Turn,
  { choices, messages }: OpenQuestion,
  { classify, basis }: Deciding,
): Promise<Assignment> {
  const reply = turn.messages.at(-1);
  const { agents } = basis().snapshot;
  const content = reply?.content ?? "";
  if (refusesChoices(content)) return toRefusal("choice", basis());
  if (wantsAll(content)) return toAll(choices, messages, basis());
  const chosen = understandChoice(content, choices, agents);
  if (chosen !== undefined) {
    const said = chosen.isBare || reply === undefined ? messages : [...messages, reply];
    return toChosen(chosen.alternative, "choice", { ...basis(), messages: said });
  }
  const decision = await classify(turn.messages.slice(-1));
  if (decision === undefined || decision.decision === "ask") {
    const likeliest = decision?.alternatives.find(({ agent }) =>
      choices.some((each) => each.agent === agent),
    );
    return toChosen(likeliest ?? choices[0], "choice", basis());
  }
  return toAssignment(decision, basis());
}

/** Each of the choices answers what the question was about. */
function toAll(
  choices: readonly Alternative[],
  messages: OpenQuestion["messages"],
  basis: Basis,
): Assignment {
  const text = messages.findLast(({ role }) => role === "user")?.content ?? "";
  return toParts(
    choices.map((choice) => ({ ...choice, text, needs: [] })),
    "choice",
    basis,
  );
}

function mayNameSeveral({ messages }: Turn, holder: string | undefined): boolean {
  const message = messages.at(-1);
  return message?.role === "user" && mayNameTopics(message.content, { hasTurn: holder !== undefined });
}

async function topicsOf(
  turn: Turn,
  { agents }: RoutingSnapshot,
  classify: Deciding["classify"],
): Promise<readonly Alternative[] | undefined> {
  const message = turn.messages.at(-1);
  if (message?.role !== "user") return undefined;
  return findNamedTopics(message.content, {
    classify: (content) => classify([{ ...message, content }], { withoutModel: true }),
    named: (content) => namedAgent(content, agents),
  });
}

interface Divided {
  readonly parts: readonly MessagePart[];
  readonly stage: RoutingStage;
}

function mayBeDivided({ messages }: Turn): boolean {
  const message = messages.at(-1);
  return message?.role === "user" && mayHavePieces(message.content);
}

/** Undefined too where a part is for an agent that isn't wired: a classifier may not name one. */
async function divide(
  turn: Turn,
  { agents }: RoutingSnapshot,
  { classify, classifyPiece, glance, plan }: Decider,
  rest: How,
): Promise<Divided | undefined> {
  const message = turn.messages.at(-1);
  if (message?.role !== "user") return undefined;
  const history = turn.messages.slice(0, -1);
  let stage: RoutingStage = "vector";
  const parts = await findParts(message.content, {
    ...{ classify: classifyPiece, glance },
    goOn:
      history.length === 0
        ? undefined
        : (content) => classify([...history, { ...message, content }], { ...rest, withoutModel: true }),
    plan:
      plan &&
      (async (pieces) => {
        const planned = await plan({ message: message.content, history, pieces });
        if (planned !== undefined) stage = "llm";
        return planned;
      }),
  });
  const isWired = (name: string): boolean => agents.some((agent) => agent.name === name);
  return parts?.every(({ agent }) => isWired(agent)) === true ? { parts, stage } : undefined;
}
