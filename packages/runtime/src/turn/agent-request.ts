/** What an agent gets to see of a turn. Never the user's token: agents act for the channel, not as the user. */
import {
  type AgentRequest,
  askContextKey,
  type ContextEntry,
  explainContextKey,
  type Message,
  memoryContextKey,
  notesContextKey,
  streamingContextKey,
  tokenContextKey,
  traceEntries,
  traceparentHeader,
  tracestateHeader,
} from "@lmos/protocol";
import type { Turn } from "./turn.ts";

/** Keys that only the runtime may set. */
const tenantKey = "tenantId";
const channelKey = "channelId";
const reservedKeys: ReadonlySet<string> = new Set([
  tenantKey,
  channelKey,
  streamingContextKey,
  notesContextKey,
  traceparentHeader,
  tracestateHeader,
  askContextKey,
  memoryContextKey,
  explainContextKey,
  tokenContextKey,
]);

/** Knows what else an agent is told in the system context; asked each time that a request is read. */
export interface EntrySource {
  readonly entries: readonly ContextEntry[];
}

/** What a request says beside its turn. */
export interface RequestOptions {
  /** What the agent gets to see of the conversation; all messages of the turn unless given. */
  readonly messages?: readonly Message[];
  readonly told?: EntrySource | undefined;
}

/**
 * The request to an agent. It is put together when it is read, which is once for each sending: a turn that waits for its
 * answer holds what it is made of, and not a second time what was sent.
 */
export function toAgentRequest(turn: Turn, options: RequestOptions = {}): AgentRequest {
  return new TurnRequest(turn, options);
}

class TurnRequest implements AgentRequest {
  readonly messages: readonly Message[];
  readonly #turn: Turn;
  readonly #told: EntrySource | undefined;

  constructor(turn: Turn, { messages = turn.messages, told }: RequestOptions) {
    this.messages = messages;
    this.#turn = turn;
    this.#told = told;
  }

  get conversationContext(): AgentRequest["conversationContext"] {
    const { conversationId, turnId, anonymizationEntities } = this.#turn;
    return { conversationId, turnId, anonymizationEntities };
  }

  get systemContext(): readonly ContextEntry[] {
    const said = this.#turn.contextParams.filter(({ key }) => !reservedKeys.has(key));
    return [...said, ...ownEntries(this.#turn), ...(this.#told?.entries ?? [])];
  }

  get userContext(): AgentRequest["userContext"] {
    const { userId, profile } = this.#turn;
    return { userId, profile };
  }
}

function ownEntries(turn: Turn): readonly ContextEntry[] {
  const identity = [
    { key: tenantKey, value: turn.tenant },
    { key: channelKey, value: turn.channel },
    ...traceEntries(turn.correlation),
  ];
  if (!turn.streaming) return identity;
  return [...identity, { key: streamingContextKey, value: "true" }, { key: notesContextKey, value: "true" }];
}
