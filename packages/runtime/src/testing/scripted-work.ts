/** A turn whose agents answer from a script. */
import { silentLogger } from "@lmos/primitives";
import type { AgentRequest } from "@lmos/protocol";
import { FakeClock, SeededRandom } from "@lmos/testing";
import type { AgentReply } from "../agents/agent-connection.ts";
import { EndpointHealth } from "../agents/endpoint-health.ts";
import { RetryBudget } from "../agents/retry-budget.ts";
import type { AgentWork } from "../collaboration/agent-work.ts";
import { defaultLimits, type RuntimeLimits } from "../limits.ts";
import { routedAgentsOf } from "../routing/snapshot.ts";
import { silentMetrics } from "./metrics.ts";
import { connectionOf } from "./replies.ts";
import { routingOf } from "./routings.ts";
import { snapshotOf } from "./snapshots.ts";
import { turnOf } from "./turns.ts";

/** Names of the agents that there are, each also its host. */
export const names = ["a", "b", "c", "d", "e", "f", "g"];

/** The agents. */
export const agents = routedAgentsOf(routingOf(names.map((name) => ({ name, host: name }))));

/** What an agent answers; it waits for `after` first. */
export interface ScriptedAnswer {
  readonly content?: string;
  readonly status?: string;
  readonly fails?: true;
  readonly after?: Promise<void>;
}

/** An agent that was asked. */
export interface AskedAgent {
  readonly host: string;
  readonly request: AgentRequest;
}

/** The work, its clock, and who was asked what. */
export interface ScriptedWork {
  readonly clock: FakeClock;
  readonly asked: readonly AskedAgent[];
  readonly work: AgentWork;
}

/** A turn of one message in a channel of those agents. */
export function scriptedWork(
  scripts: Readonly<Record<string, ScriptedAnswer>>,
  limits: Partial<RuntimeLimits> = {},
): ScriptedWork {
  const clock = new FakeClock();
  const asked: AskedAgent[] = [];
  async function* ask(
    { url, request }: { readonly url: string; readonly request: AgentRequest },
    { signal }: { readonly signal: AbortSignal },
  ): AsyncGenerator<AgentReply> {
    asked.push({ host: url, request });
    const { content = "", status, fails, after } = scripts[url] ?? {};
    if (after !== undefined) await Promise.race([after, whenAborted(signal)]);
    signal.throwIfAborted();
    if (fails) return yield { kind: "failed", repeatable: false, fault: { kind: "error", errors: [] } };
    const messages = [{ role: "assistant" as const, content, format: "text" }];
    yield {
      kind: "result",
      result: { type: "MESSAGE", status, responseTime: 0, messages, context: [], toolCalls: [] },
    };
    yield { kind: "completed" };
  }
  const services = {
    connection: connectionOf(ask),
    endpoints: { urlsOf: (host: string) => [host] },
    health: new EndpointHealth({ clock, random: new SeededRandom(1) }),
    retries: new RetryBudget(),
    metrics: silentMetrics,
    limits: { ...defaultLimits, ...limits },
    clock,
    logger: silentLogger,
  };
  const { signal } = new AbortController();
  const work = { turn: turnOf(), snapshot: snapshotOf({ agents, classifier: undefined }), services, signal };
  return { clock, asked, work };
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
