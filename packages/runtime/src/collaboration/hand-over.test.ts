/** Agents that hand a turn on, with connections that answer from a script. */
import { silentLogger } from "@lmos/primitives";
import { type AgentRequest, handoverStatus } from "@lmos/protocol";
import { FakeClock, SeededRandom } from "@lmos/testing";
import { describe, expect, test } from "vitest";
import type { AgentReply } from "../agents/agent-connection.ts";
import { EndpointHealth } from "../agents/endpoint-health.ts";
import { RetryBudget } from "../agents/retry-budget.ts";
import { defaultLimits } from "../limits.ts";
import { routedAgentsOf } from "../routing/snapshot.ts";
import { silentMetrics } from "../testing/metrics.ts";
import { routingOf } from "../testing/routings.ts";
import { snapshotOf } from "../testing/snapshots.ts";
import { collect, kindsOf, turnOf } from "../testing/turns.ts";
import type { TurnEvent } from "../turn/turn.ts";
import { answerParts } from "./answer-parts.ts";
import { answerWithHandOvers } from "./hand-over.ts";

const names = ["a", "b", "c", "d", "e", "f", "g"];
const agents = routedAgentsOf(routingOf(names.map((name) => ({ name, host: name }))));

interface Scripted {
  readonly content?: string;
  readonly status?: string;
  readonly fails?: true;
}

function setUp(scripts: Readonly<Record<string, Scripted>>) {
  const clock = new FakeClock();
  const asked: { readonly host: string; readonly request: AgentRequest }[] = [];
  async function* ask({
    url,
    request,
  }: {
    readonly url: string;
    readonly request: AgentRequest;
  }): AsyncGenerator<AgentReply> {
    asked.push({ host: url, request });
    const { content = "", status, fails } = scripts[url] ?? {};
    if (fails) return yield { kind: "failed", repeatable: false, fault: { kind: "error", errors: [] } };
    const messages = [{ role: "assistant" as const, content, format: "text" }];
    yield {
      kind: "result",
      result: { type: "MESSAGE", status, responseTime: 0, messages, context: [], toolCalls: [] },
    };
    yield { kind: "completed" };
  }
  const services = {
    connection: { ask },
    endpoints: { urlsOf: (host: string) => [host] },
    health: new EndpointHealth({ clock, random: new SeededRandom(1) }),
    retries: new RetryBudget(),
    metrics: silentMetrics,
    limits: defaultLimits,
    clock,
    logger: silentLogger,
  };
  const { signal } = new AbortController();
  const turn = turnOf();
  const work = { turn, snapshot: snapshotOf({ agents, classifier: undefined }), services, signal };
  const first = agents[0];
  if (first === undefined) throw new TypeError("no agent");
  return {
    asked,
    handOver: (): Promise<readonly TurnEvent[]> =>
      collect(answerWithHandOvers(first, { ...work, messages: turn.messages })),
    parts: (): Promise<readonly TurnEvent[]> =>
      collect(
        answerParts(
          agents.slice(0, 2).map((agent, index) => ({ agent, capability: "c", text: `part ${index}` })),
          work,
        ),
      ),
  };
}

const to = (name: string, content = ""): Scripted => ({ content, status: handoverStatus(name) });

describe("a hand-over", () => {
  test("goes to the agent that is named, which answers", async () => {
    const { handOver, asked } = setUp({ a: to("b", "One moment."), b: { content: "Here." } });
    expect(await handOver()).toEqual([
      { kind: "note", text: "One moment." },
      { kind: "hand-over", from: "a", to: "b" },
      { kind: "message", content: "Here.", anonymizationEntities: null },
    ]);
    expect(asked[1]?.request.messages).toEqual(asked[0]?.request.messages);
  });

  const failing: readonly { readonly name: string; readonly scripts: Readonly<Record<string, Scripted>> }[] =
    [
      { name: "in a circle", scripts: { a: to("b"), b: to("a") } },
      { name: "to itself", scripts: { a: to("a") } },
      {
        name: "more than five times",
        scripts: { a: to("b"), b: to("c"), c: to("d"), d: to("e"), e: to("f"), f: to("g") },
      },
    ];
  test.each(failing)("$name ends the turn", async ({ scripts }) => {
    expect(kindsOf(await setUp(scripts).handOver()).at(-1)).toBe("error handover_failed");
  });

  test("to an agent that the channel has not goes no further", async () => {
    const { handOver, asked } = setUp({ a: to("stranger") });
    expect(await handOver()).toMatchObject([{ kind: "message", content: /nobody is here/ }]);
    expect(asked).toHaveLength(1);
  });

  test("to a person is told to the client", async () => {
    const { handOver } = setUp({ a: { content: "A colleague goes on.", status: "AGENT_HANDOVER" } });
    expect(await handOver()).toMatchObject([{ content: "A colleague goes on.", status: "AGENT_HANDOVER" }]);
  });
});

describe("a message in parts", () => {
  test("is answered in its order, each part by its agent and with its source", async () => {
    const { parts, asked } = setUp({ a: { content: "A." }, b: { content: "B." } });
    const events = await parts();
    expect(kindsOf(events)).toEqual(["part", "part", "part", "text-delta", "part", "text-delta", "message"]);
    expect(events.at(-1)).toMatchObject({ content: "A. (a)\n\nB. (b)" });
    expect(asked.map(({ host, request }) => [host, request.messages.at(-1)?.content])).toEqual([
      ["a", "part 0"],
      ["b", "part 1"],
    ]);
  });

  test("says which of its parts got no answer", async () => {
    const { parts } = setUp({ a: { fails: true }, b: { content: "B." } });
    expect((await parts()).at(-1)).toMatchObject({
      content: "Sorry, I have no answer at the moment to: “part 0”\n\nB. (b)",
    });
  });

  test("fails when none did", async () => {
    const { parts } = setUp({ a: { fails: true }, b: { fails: true } });
    expect(kindsOf(await parts()).at(-1)).toBe("error agent_error");
  });
});
