import { silentLogger } from "@lmos/primitives";
import { FakeClock } from "@lmos/testing";
import { describe, expect, test } from "vitest";
import type {
  AgentCall,
  AgentConnection,
  AgentReply,
  Replies,
  ReplyReader,
} from "../agents/agent-connection.ts";
import { EndpointHealth } from "../agents/endpoint-health.ts";
import { RetryBudget } from "../agents/retry-budget.ts";
import type { EndedCall } from "../metrics/turn-metrics.ts";
import { silentMetrics } from "../testing/metrics.ts";
import { connectionOf, repliesOf } from "../testing/replies.ts";
import { collect, turnOf } from "../testing/turns.ts";
import { toAgentRequest } from "./agent-request.ts";
import { type CallReply, type CallServices, callAgent } from "./call.ts";

const unavailable: AgentReply = { kind: "failed", fault: { kind: "unavailable" }, repeatable: true };
const completed: AgentReply = { kind: "completed" };
const result: AgentReply = {
  kind: "result",
  result: { type: "MESSAGE", responseTime: 0, messages: [], context: [], toolCalls: [] },
};

/** Answers each call with the next script; a number in it is a wait in milliseconds. */
class ScriptedConnection implements AgentConnection {
  readonly calls: AgentCall[] = [];
  /** How many calls are over. */
  left = 0;
  readonly #scripts: (readonly (AgentReply | number)[])[];
  readonly #clock: FakeClock;

  constructor(clock: FakeClock, scripts: readonly (readonly (AgentReply | number)[])[]) {
    this.#clock = clock;
    this.#scripts = [...scripts];
  }

  ask(call: AgentCall, reader: ReplyReader<AgentReply>): Replies {
    return connectionOf((asked, options) => this.#answer(asked, options)).ask(call, reader);
  }

  async *#answer(call: AgentCall, { signal }: { readonly signal: AbortSignal }): AsyncGenerator<AgentReply> {
    this.calls.push(call);
    try {
      for (const step of this.#scripts.shift() ?? []) {
        if (typeof step === "number") await this.#clock.sleep(step, { signal });
        else yield step;
      }
    } finally {
      this.left += 1;
    }
  }
}

function setUp(
  scripts: readonly (readonly (AgentReply | number)[])[],
  urls: readonly string[] = ["ws://a", "ws://b"],
) {
  const clock = new FakeClock();
  const connection = new ScriptedConnection(clock, scripts);
  const health = new EndpointHealth({ clock, random: { next: () => 0 } });
  const retries = new RetryBudget();
  const ended: EndedCall[] = [];
  const services: CallServices = {
    connection,
    endpoints: { urlsOf: () => urls },
    health,
    retries,
    metrics: { ...silentMetrics, callEnded: (call) => void ended.push(call) },
    limits: { firstResultMs: 30_000, betweenResultsMs: 15_000, totalMs: 120_000 },
    clock,
    logger: silentLogger,
  };
  const stop = new AbortController();
  const question = {
    channel: { tenant: "acme", channel: "web", subset: "canary" },
    agent: "weather",
    host: "agent",
    request: toAgentRequest(turnOf()),
  };
  const answer = () =>
    repliesOf<CallReply>((reader) => callAgent(question, services, { reader, signal: stop.signal }));
  const call = () => collect(answer());
  return {
    clock,
    connection,
    stop,
    replies: call(),
    call,
    answer,
    services,
    health,
    retries,
    ended,
    question,
  };
}

test("asks one endpoint, under the routing's subset", async () => {
  const { replies, connection } = setUp([[result, completed]]);
  expect(await replies).toEqual([result, completed]);
  expect(connection.calls).toMatchObject([{ url: "ws://a", subset: "canary" }]);
});

describe("tries once more", () => {
  test("on another endpoint when no connection came about", async () => {
    const { replies, connection } = setUp([[unavailable], [result, completed]]);
    expect(await replies).toEqual([result, completed]);
    expect(connection.calls.map(({ url }) => url)).toEqual(["ws://a", "ws://b"]);
  });

  test("under the same name where there is no other: it may stand for many", async () => {
    const { replies, connection } = setUp([[unavailable], [completed]], ["ws://a"]);
    expect(await replies).toEqual([completed]);
    expect(connection.calls.map(({ url }) => url)).toEqual(["ws://a", "ws://a"]);
  });

  test("and no more than once", async () => {
    const { replies, connection } = setUp([[unavailable], [unavailable], [completed]]);
    expect(await replies).toEqual([{ kind: "failed", fault: { kind: "unavailable" } }]);
    expect(connection.calls).toHaveLength(2);
  });

  const final: readonly { readonly name: string; readonly reply: AgentReply }[] = [
    {
      name: "the request was sent",
      reply: { kind: "failed", fault: { kind: "interrupted", closeCode: 1006 }, repeatable: false },
    },
    {
      name: "the agent is busy",
      reply: { kind: "failed", fault: { kind: "busy", retryAfterSeconds: 1 }, repeatable: true },
    },
    {
      name: "the agent has reached a limit of its own",
      reply: { kind: "failed", fault: { kind: "limited", retryAfterSeconds: 1 }, repeatable: true },
    },
  ];
  test.each(final)("never when $name", async ({ reply }) => {
    const { replies, connection } = setUp([[reply], [completed]]);
    expect(await replies).toEqual([reply]);
    expect(connection.calls).toHaveLength(1);
  });
});

test("says that an agent without endpoints is unavailable", async () => {
  const { replies } = setUp([], []);
  expect(await replies).toEqual([{ kind: "failed", fault: { kind: "unavailable" } }]);
});

describe("gives up", () => {
  test("when the first result is late", async () => {
    const { replies, clock } = setUp([[40_000, result, completed]]);
    await clock.advance(30_000);
    expect(await replies).toEqual([{ kind: "timedOut" }]);
  });

  test("when the whole answer is late, though it has begun", async () => {
    const answering = Array.from({ length: 9 }, () => [14_000, result]).flat();
    const { replies, clock } = setUp([answering]);
    await clock.advance(120_000);
    expect((await replies).map(({ kind }) => kind)).toEqual([...Array(8).fill("result"), "timedOut"]);
  });

  test("when the answer doesn't go on", async () => {
    const { replies, clock } = setUp([[29_000, result, 16_000, completed]]);
    await clock.advance(44_000);
    expect(await replies).toEqual([result, { kind: "timedOut" }]);
  });

  test("not while the answer goes on in time", async () => {
    const { replies, clock } = setUp([[29_000, result, 14_000, result, completed]]);
    await clock.advance(43_000);
    expect(await replies).toEqual([result, result, completed]);
  });

  test("with the turn's own reason when that is aborted", async () => {
    const { replies, stop, clock } = setUp([[40_000, result]]);
    const failed = expect(replies).rejects.toThrow("client gone");
    await clock.advance(1000);
    stop.abort(new Error("client gone"));
    await failed;
  });
});

describe("a call is counted once, under its agent and channel", () => {
  const late: AgentReply = {
    kind: "failed",
    fault: { kind: "busy", retryAfterSeconds: 1 },
    repeatable: false,
  };
  test.each<{ name: string; script: readonly (AgentReply | number)[]; outcome: EndedCall["outcome"] }>([
    { name: "when it is answered", script: [result, completed], outcome: "completed" },
    { name: "when its agent is busy", script: [50, late], outcome: "busy" },
    { name: "when its time is over", script: [40_000, result], outcome: "timedOut" },
  ])("$name", async ({ script, outcome }) => {
    const { replies, clock, ended } = setUp([script]);
    await clock.advance(30_000);
    await replies;
    const channel = { tenant: "acme", channel: "web", subset: "canary" };
    expect(ended).toMatchObject([{ channel, agent: "weather", outcome }]);
  });

  test("when its reader is gone", async () => {
    const { replies, stop, ended } = setUp([[40_000, result]]);
    stop.abort(new Error("client gone"));
    await expect(replies).rejects.toThrow("client gone");
    expect(ended).toMatchObject([{ agent: "weather", outcome: "cancelled" }]);
  });

  test("and once when it was tried twice", async () => {
    const { replies, ended } = setUp([[unavailable], [completed]]);
    await replies;
    expect(ended).toMatchObject([{ outcome: "completed" }]);
  });
});

describe("a reader that leaves early", () => {
  test("ends the call at the agent, and leaves no timer", async () => {
    const { clock, connection, answer } = setUp([[completed], [result, result, completed]]);
    for await (const reply of answer()) {
      expect(reply).toEqual(result);
      break;
    }
    await clock.advance(0);
    expect([connection.left, clock.sleeping]).toEqual([2, 0]);
  });

  test("has asked nobody where it has read nothing", async () => {
    const { clock, connection, question, services } = setUp([[completed]]);
    const { heard, reader } = listener();
    const replies = callAgent(question, services, { reader, signal: new AbortController().signal });
    for (let times = 0; times < 2; times++) replies.leave();
    await clock.advance(0);
    expect([connection.calls.length, clock.sleeping, heard]).toEqual([1, 0, []]); // the one of the set-up
  });

  test("hears nothing more, whatever comes", async () => {
    const { clock, question, services } = setUp([[completed], [1000, result]]);
    const { heard, reader } = listener();
    const stop = new AbortController();
    const replies = callAgent(question, services, { reader, signal: stop.signal });
    replies.read();
    replies.leave();
    stop.abort(new Error("the client is gone"));
    await clock.advance(200_000);
    expect([heard, clock.sleeping]).toEqual([[], 0]);
  });
});

describe("a reader that is busy with a reply", () => {
  function begin(script: readonly (AgentReply | number)[]) {
    const { clock, question, services, connection } = setUp([[completed], script]);
    const { heard, reader } = listener();
    const stop = new AbortController();
    const replies = callAgent(question, services, { reader, signal: stop.signal });
    replies.read();
    return { clock, replies, heard, stop, connection };
  }

  test("hears that the time is over when it asks for more; the agent is told at once", async () => {
    const { clock, replies, heard, connection } = begin([result, 200_000]);
    await clock.advance(119_000);
    expect([heard, connection.left]).toEqual([["result"], 1]);
    await clock.advance(1100);
    expect([heard, connection.left]).toEqual([["result"], 2]);
    replies.read();
    expect(heard).toEqual(["result", "timedOut"]);
  });

  test("hears that its turn was aborted when it asks for more; the agent is told at once", async () => {
    const { clock, replies, heard, stop, connection } = begin([result, 200_000]);
    await clock.advance(1000);
    stop.abort(new Error("the client is gone"));
    await clock.advance(0);
    expect([heard, connection.left]).toEqual([["result"], 2]);
    replies.read();
    expect(heard).toEqual(["result", "Error: the client is gone"]);
  });
});

/** What a reader hears: kinds of replies, errors as texts. */
function listener() {
  const heard: string[] = [];
  const reader: ReplyReader<CallReply> = {
    take: ({ kind }) => void heard.push(kind),
    fail: (error) => void heard.push(String(error)),
  };
  return { heard, reader };
}

test("fails with what a connection cannot tell", async () => {
  const { replies, clock } = setUp([[result]]);
  await expect(replies).rejects.toThrow("no reply more");
  await clock.advance(0);
  expect(clock.sleeping).toBe(0);
});

test("asks nobody for a turn that was aborted before", async () => {
  const { connection, question, services } = setUp([[completed]]);
  const signal = AbortSignal.abort(new Error("the client is gone"));
  const replies = collect(repliesOf((reader) => callAgent(question, services, { reader, signal })));
  await expect(replies).rejects.toThrow("the client is gone");
  expect(connection.calls).toHaveLength(1); // the one of the set-up
});

test("leaves no timer behind", async () => {
  const { replies, clock } = setUp([[result, completed]]);
  await replies;
  await clock.advance(0);
  expect(clock.sleeping).toBe(0);
});

describe("protects agents that fail", () => {
  const failed: readonly (readonly AgentReply[])[] = Array.from({ length: 20 }, () => [unavailable]);

  test("by asking only one turn every five seconds whether they are back", async () => {
    const { replies, call, connection, clock } = setUp(failed, ["ws://a"]);
    await replies;
    for (let turn = 0; turn < 5; turn++) await call();
    const asked = connection.calls.length;
    expect(asked).toBeLessThanOrEqual(6);
    await call();
    expect(connection.calls).toHaveLength(asked);
    await clock.advance(5000);
    await call();
    expect(connection.calls).toHaveLength(asked + 1);
  });

  test("by few second tries", async () => {
    const { replies, retries, connection } = setUp(failed);
    for (let tries = 0; tries < 10; tries++) retries.spend();
    await replies;
    expect(connection.calls).toHaveLength(1);
  });

  test("and counts a turn that is late as a failure", async () => {
    const { replies, health, clock } = setUp([[40_000]], ["ws://a"]);
    for (let failure = 0; failure < 4; failure++) health.report("ws://a", { kind: "failed" });
    await clock.advance(30_000);
    await replies;
    expect(health.resting).toBe(1);
  });
});
