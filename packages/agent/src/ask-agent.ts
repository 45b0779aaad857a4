// An agent without a server, for tests of agents: one turn, and all that came of it.
import { type Clock, type Logger, silentLogger, whenAborted } from "@lmos/primitives";
import {
  type AgentResult,
  contextValue,
  handoverTarget,
  intermediateKindKey,
  type Message,
  notesContextKey,
} from "@lmos/protocol";
import type { Agent } from "./define-agent.ts";
import { AgentError } from "./errors.ts";
import { createInProcessMemory, type InProcessMemory } from "./in-process-memory.ts";
import { runTurn } from "./run-turn.ts";
import type { TurnPorts } from "./turn.ts";

/** What surrounds the turn; all of it optional. */
export interface AskAgentOptions {
  /** What was said before, oldest first. */
  readonly history?: readonly Pick<Message, "role" | "content">[] | undefined;
  /** `c1` unless given. */
  readonly conversationId?: string | undefined;
  readonly userId?: string | undefined;
  /** What `user(key)` finds. */
  readonly user?: Readonly<Record<string, string>> | undefined;
  /** What `system(key)` finds. */
  readonly system?: Readonly<Record<string, string>> | undefined;
  /** What `ask` answers, by capability; nobody offers the others. */
  readonly capabilities?: Readonly<Record<string, (text: string) => string | Promise<string>>> | undefined;
  /** Shared by the turns that get it; empty unless given. */
  readonly memory?: InProcessMemory | undefined;
  /** Its caller leaves: the agent's `signal` is aborted, and {@link askAgent} rejects with the reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What came of a turn. */
export interface AskedAgent {
  /** What the user reads; a text that is safe to show where the agent failed. */
  readonly text: string;
  readonly status: string | undefined;
  /** The agent that the status hands over to. */
  readonly handedOverTo: string | undefined;
  /** What was said on the way. */
  readonly notes: readonly string[];
  /** What `setContext` has set. */
  readonly context: Readonly<Record<string, string>>;
  /** Names of the tools that were called, in order. */
  readonly toolCalls: readonly string[];
  /** What the agent threw; undefined where it answered. */
  readonly error: unknown;
}

/**
 * Asks an agent, or the first of several that hand over to each other, as the runtime would. Time stands still: a turn
 * that waits for ever does so until `signal` is aborted.
 */
export async function askAgent(
  agent: Agent | readonly [Agent, ...Agent[]],
  text: string,
  options: AskAgentOptions = {},
): Promise<AskedAgent> {
  const { signal = new AbortController().signal } = options;
  let error: unknown;
  const logger = errorLogger((thrown) => {
    error = thrown;
  });
  const agents = "name" in agent ? ([agent] as const) : agent;
  const services = { agents, logger, ports: portsOf(options), clock: stillClock, ids: { next: () => "t1" } };
  const input = { request: requestOf(text, options), caller: {} };
  const results = await Array.fromAsync(runTurn(input, { ...services, timeoutMs: 1 }, { signal }));
  signal.throwIfAborted();
  return askedAgent(results, error);
}

function requestOf(text: string, options: AskAgentOptions): Parameters<typeof runTurn>[0]["request"] {
  const { history = [], conversationId = "c1", userId, user = {}, system = {} } = options;
  const said = [...history, { role: "user" as const, content: text }];
  return {
    messages: said.map((message) => ({ ...message, format: "text" })),
    conversationContext: { conversationId, turnId: "t1" },
    systemContext: [{ key: notesContextKey, value: "true" }, ...entriesOf(system)],
    userContext: { ...(userId === undefined ? {} : { userId }), profile: entriesOf(user) },
  };
}

function portsOf({ capabilities = {}, memory = createInProcessMemory() }: AskAgentOptions): TurnPorts {
  return {
    memoryOf: (owner) => memory.memoryOf(owner),
    ask: async (capability, text) => {
      const answer = Object.hasOwn(capabilities, capability) ? capabilities[capability] : undefined;
      if (answer === undefined)
        throw new AgentError(
          "AskFailed",
          `capability "${capability}": nobody offers it; name it in capabilities`,
        );
      return answer(text);
    },
  };
}

function askedAgent(results: readonly AgentResult[], error: unknown): AskedAgent {
  const last = results.at(-1);
  const textOf = (result: AgentResult | undefined): string => result?.messages.at(-1)?.content ?? "";
  const notes = results.filter(({ context }) => contextValue(context, intermediateKindKey) === "note");
  return {
    text: textOf(last),
    status: last?.status,
    handedOverTo: handoverTarget(last?.status),
    notes: notes.map(textOf),
    context: Object.fromEntries((last?.context ?? []).map(({ key, value }) => [key, value])),
    toolCalls: last?.toolCalls.map(({ name }) => name) ?? [],
    error,
  };
}

function entriesOf(values: Readonly<Record<string, string>>) {
  return Object.entries(values).map(([key, value]) => ({ key, value }));
}

/** Hears the errors of a turn, which its caller is not told. */
function errorLogger(onError: (thrown: unknown) => void): Logger {
  const logger: Logger = {
    ...silentLogger,
    error: (_message, fields) => onError(fields?.["error"]),
    child: () => logger,
  };
  return logger;
}

const stillClock: Clock = {
  now: () => 0,
  monotonic: () => 0,
  sleep: (_ms, { signal }) => whenAborted(signal).then(() => Promise.reject(signal.reason)),
};
