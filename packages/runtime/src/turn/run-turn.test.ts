import { type LogFields, type Logger, silentLogger } from "@lmos/primitives";
import type { Classifier } from "@lmos/router";
import { FakeClock } from "@lmos/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AgentReply } from "../agents/agent-connection.ts";
import { EndpointHealth } from "../agents/endpoint-health.ts";
import { RetryBudget } from "../agents/retry-budget.ts";
import { createConversations } from "../conversation/stored-conversations.ts";
import { RuntimeError } from "../errors.ts";
import { createStateKeys } from "../identity/state-keys.ts";
import { defaultLimits } from "../limits.ts";
import type { EndedTurn } from "../metrics/turn-metrics.ts";
import { type RoutingSnapshot, routedAgentsOf } from "../routing/snapshot.ts";
import { createInProcessConversations } from "../state/in-process-conversations.ts";
import { StateHealth } from "../state/state-health.ts";
import { silentMetrics } from "../testing/metrics.ts";
import { connectionOf } from "../testing/replies.ts";
import { routingOf } from "../testing/routings.ts";
import { decided, snapshotOf } from "../testing/snapshots.ts";
import { collect, kindsOf, turnOf } from "../testing/turns.ts";
import type { EventReader, TurnEventSource } from "./event-source.ts";
import { runTurn, type TurnServices } from "./run-turn.ts";
import type { Turn, TurnEvent } from "./turn.ts";

const secret = "my secret invoice";
const agents = routedAgentsOf(routingOf([{ name: "agent-0", host: "agent-0" }]));

function replying(content: string): readonly AgentReply[] {
  const messages = [{ role: "assistant", content, format: "text" }] as const;
  const result = { type: "MESSAGE", responseTime: 0, messages, context: [], toolCalls: [] } as const;
  return [{ kind: "result", result }, { kind: "completed" }];
}

/** A turn's surroundings; `ask` plays the agent. */
function setUp(
  parts: {
    readonly classifier?: Classifier;
    readonly subsets?: readonly string[];
    readonly ask?: (signal: AbortSignal) => AsyncGenerator<AgentReply>;
  } = {},
) {
  const lines: { readonly message: string; readonly fields: LogFields | undefined }[] = [];
  const write = (message: string, fields?: LogFields): void => void lines.push({ message, fields });
  const logger: Logger = { debug: write, info: write, warn: write, error: write, child: () => logger };
  const ended: EndedTurn[] = [];
  const askedSubsets: string[] = [];
  const snapshots = (parts.subsets ?? ["stable"]).map(
    (subset): RoutingSnapshot => snapshotOf({ agents, classifier: parts.classifier, subset }),
  );
  async function* answer(): AsyncGenerator<AgentReply> {
    yield* replying(`answer to ${secret}`);
  }
  const clock = new FakeClock();
  const services: TurnServices = {
    routings: {
      find: ({ tenant, channel, subset }) =>
        snapshots.find(({ identity }) => [tenant, channel, subset].join() === Object.values(identity).join()),
    },
    endpoints: { urlsOf: () => ["ws://agent"] },
    connection: connectionOf(({ subset }, { signal }) => {
      askedSubsets.push(subset);
      return parts.ask?.(signal) ?? answer();
    }),
    conversations: createConversations(10, undefined),
    metrics: { ...silentMetrics, turnEnded: (turn) => ended.push(turn) },
    limits: defaultLimits,
    health: new EndpointHealth({ clock, random: { next: () => 0 } }),
    retries: new RetryBudget(),
    clock,
    logger,
  };
  const stop = new AbortController();
  const run = (turn: Partial<Turn> = {}) =>
    collect(runTurn(turnOf({ messages: said(secret), ...turn }), services, { signal: stop.signal }));
  return { run, services, stop, lines, ended, askedSubsets };
}

function said(content: string): Turn["messages"] {
  return [{ role: "user", content, format: "text" }];
}

const accepting: Classifier = {
  classify: async () => decided({ decision: "accept", agent: "agent-0", capability: "cap", confidence: 0.9 }),
};

test("runs from start to end", async () => {
  const { run, ended, lines } = setUp({ classifier: accepting });
  expect(kindsOf(await run())).toEqual(["turn-start", "routing", "message", "turn-end"]);
  const channel = { tenant: "acme", channel: "web", subset: "stable" };
  const end = { outcome: "answered", decision: "accept", ms: 0, routingMs: 0, confidence: 0.9 };
  expect(ended).toEqual([{ channel, ...end }]);
  expect(lines).toEqual([
    {
      message: "A turn ended",
      fields: {
        tenant: "acme",
        channel: "web",
        subset: "stable",
        conversationId: "c1",
        turnId: "t1",
        correlationId: "x1",
        traceparent: undefined,
        snapshot: "0123456789ab",
        decision: "accept",
        agent: "agent-0",
        confidence: 0.9,
        outcome: "answered",
        ms: 0,
      },
    },
  ]);
});

test("writes no word of a message into the log", async () => {
  const { run, lines } = setUp({ classifier: { classify: () => Promise.reject(new Error("no model")) } });
  await run();
  await run({ explicitAgent: "agent-0" });
  expect(lines.length).toBeGreaterThan(1);
  expect(JSON.stringify(lines)).not.toContain("secret");
});

test("a question in a model's words is understood by another runtime that shares the state", async () => {
  const clock = new FakeClock();
  const store = createInProcessConversations({ clock });
  const health = new StateHealth(silentLogger);
  const persistence = { store, keys: createStateKeys("secret"), health, clock };
  const choices = [{ agent: "agent-0", capability: "cap", confidence: 0.5 }];
  const question = "Tell me which: parcels.";
  const asking = decided({ decision: "ask", question, choices, confidence: 0.5 });
  const first = setUp({ classifier: { classify: async () => asking } });
  const second = setUp({ classifier: { classify: () => Promise.reject(new Error("asks otherwise")) } });
  const withState = ({ services }: ReturnType<typeof setUp>): TurnServices => ({
    ...services,
    conversations: createConversations(10, persistence),
  });
  const signal = new AbortController().signal;
  const asked = await collect(runTurn(turnOf({ messages: said("hm") }), withState(first), { signal }));
  expect(asked).toContainEqual(expect.objectContaining({ kind: "message", content: question }));
  const messages = [
    ...said("hm"),
    { role: "assistant", content: question, format: "text" } as const,
    ...said("the first"),
  ];
  const answered = await collect(runTurn(turnOf({ messages }), withState(second), { signal }));
  expect(answered).toContainEqual(
    expect.objectContaining({ kind: "routing", decision: "accept", agent: "agent-0" }),
  );
});

test("remembers question and answer, but not of a turn that failed", async () => {
  const { run, services } = setUp();
  const key = { tenant: "acme", channel: "web", conversationId: "c1", userId: "u1" };
  await run({ explicitAgent: "nobody" });
  expect(services.conversations.find(key)).toBeUndefined();
  await run({ explicitAgent: "agent-0" });
  expect(services.conversations.find(key)?.messages.map(({ role }) => role)).toEqual(["user", "assistant"]);
});

test("ends with exactly one turn-end or error, whatever an agent sends", async () => {
  const type = fc.constantFrom("MESSAGE", "INTERMEDIATE_MESSAGE", "EVENT", "ERROR");
  const messages = fc.array(
    fc.string().map((content) => ({ role: "assistant", content, format: "text" }) as const),
  );
  const result = fc.record({ type, messages }).map(
    (fields): AgentReply => ({
      kind: "result",
      result: { ...fields, responseTime: 0, context: [], toolCalls: [] },
    }),
  );
  const end = fc.constantFrom<AgentReply>(
    { kind: "completed" },
    { kind: "failed", fault: { kind: "interrupted", closeCode: 1006 }, repeatable: false },
    { kind: "failed", fault: { kind: "unavailable" }, repeatable: true },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(result), end, async (results, last) => {
      async function* ask(): AsyncGenerator<AgentReply> {
        yield* results;
        yield last;
      }
      const { run, ended } = setUp({ ask });
      const kinds = (await run({ explicitAgent: "agent-0" })).map(({ kind }) => kind);
      const ends = kinds.filter((kind) => kind === "turn-end" || kind === "error");
      expect(ends).toEqual([kinds.at(-1)]);
      expect(kinds.filter((kind) => kind === "message")).toHaveLength(ends[0] === "turn-end" ? 1 : 0);
      expect(ended).toHaveLength(1);
    }),
  );
});

describe("what came meanwhile", () => {
  const routedAfter = async (turn: Partial<Turn>): Promise<readonly string[]> => {
    const seen: string[] = [];
    const { services, stop } = setUp({ classifier: accepting });
    const { signal } = stop;
    setImmediate(() => seen.push("another message"));
    for await (const { kind } of runTurn(turnOf(turn), services, { signal })) {
      if (kind === "routing") seen.push("routed");
    }
    return seen;
  };

  test("is read before a message is decided", async () => {
    expect(await routedAfter({})).toEqual(["another message", "routed"]);
  });

  test("is not waited for where nothing is to be decided", async () => {
    expect((await routedAfter({ explicitAgent: "agent-0" }))[0]).toBe("routed");
  });

  test("may be that the client is gone: then nothing is decided", async () => {
    let asked = 0;
    const { run, stop, ended } = setUp({
      classifier: {
        classify: async (_request, { signal }) => {
          signal.throwIfAborted();
          asked += 1;
          return decided({ decision: "none", confidence: 0 });
        },
      },
    });
    setImmediate(() => stop.abort(new RuntimeError("ClientDisconnected", "gone")));
    expect(kindsOf(await run())).toEqual(["turn-start", "error client_gone"]);
    expect(asked).toBe(0);
    expect(ended.map(({ outcome }) => outcome)).toEqual(["client_gone"]);
  });
});

describe("fails before it begins", () => {
  const rows: readonly { readonly name: string; readonly turn: Partial<Turn>; readonly message: string }[] = [
    {
      name: "in an unknown tenant",
      turn: { tenant: "other" },
      message: "No routing info found operator for tenant: other, channel: web",
    },
    {
      name: "in an unknown subset",
      turn: { subset: "canary" },
      message: "No routing info found operator for tenant: acme, channel: web",
    },
    {
      name: "for an unknown agent",
      turn: { explicitAgent: "nobody" },
      message: "No agent found with the name nobody",
    },
  ];
  test.each(rows)("$name", async ({ turn, message }) => {
    const { run, ended } = setUp();
    expect(await run(turn)).toMatchObject([{ kind: "error", failure: { message } }]);
    expect(ended).toMatchObject([{ decision: "undecided" }]);
  });
});

describe("the subset of a conversation", () => {
  test("is that of its first turn, whatever later ones ask for", async () => {
    const { run, askedSubsets } = setUp({ subsets: ["stable", "canary"] });
    for (const subset of ["canary", "stable", undefined]) await run({ explicitAgent: "agent-0", subset });
    await run({ explicitAgent: "agent-0", conversationId: "c2" });
    expect(askedSubsets).toEqual(["canary", "canary", "canary", "stable"]);
  });

  test("is chosen again when its routing is gone", async () => {
    const { run, services, askedSubsets } = setUp();
    services.conversations.append(
      { tenant: "acme", channel: "web", conversationId: "c1", userId: "u1" },
      { subset: "removed" },
      { messages: [], at: 0 },
    );
    await run({ explicitAgent: "agent-0" });
    expect(askedSubsets).toEqual(["stable"]);
  });
});

describe("ends with one error", () => {
  async function* hanging(signal: AbortSignal): AsyncGenerator<AgentReply> {
    const { promise, reject } = Promise.withResolvers<AgentReply>();
    signal.addEventListener("abort", () => reject(signal.reason));
    yield await promise;
  }

  test.each([
    { reason: "ShuttingDown", code: "server_shutdown" },
    { reason: "ClientDisconnected", code: "client_gone" },
  ] as const)("$code when it is aborted for $reason", async ({ reason, code }) => {
    const { run, stop, ended } = setUp({ ask: hanging });
    const events = run({ explicitAgent: "agent-0" });
    await new Promise<void>((resolve) => setImmediate(resolve));
    stop.abort(new RuntimeError(reason, "test"));
    expect(kindsOf(await events)).toEqual(["turn-start", "routing", `error ${code}`]);
    expect(ended).toMatchObject([{ outcome: code }]);
  });

  test("internal when something unexpected is thrown, of which the client learns nothing", async () => {
    const { run, lines } = setUp({
      ask: () => {
        throw new TypeError("cannot read secrets of undefined");
      },
    });
    const events = await run({ explicitAgent: "agent-0" });
    expect(kindsOf(events)).toEqual(["turn-start", "routing", "error internal"]);
    expect(JSON.stringify(events)).not.toContain("undefined");
    expect(lines[0]).toMatchObject({
      message: "A turn failed for an unexpected reason",
      fields: { error: "TypeError", at: expect.arrayContaining([expect.stringMatching(/^at /)]) },
    });
    expect(JSON.stringify(lines)).not.toContain("secrets");
  });

  test("internal when a token for its agent cannot be made, before the agent is asked", async () => {
    const { services, ended, askedSubsets } = setUp();
    const agentTokens = {
      mint: () => {
        throw new TypeError("no key");
      },
    };
    const { signal } = new AbortController();
    const events = await collect(
      runTurn(turnOf({ explicitAgent: "agent-0" }), { ...services, agentTokens }, { signal }),
    );
    expect(kindsOf(events)).toEqual(["turn-start", "routing", "error internal"]);
    expect(askedSubsets).toEqual([]);
    expect(ended).toMatchObject([{ outcome: "internal" }]);
  });
});

describe("a reader that is told events", () => {
  /** Reads until the end, or until it has heard so many; what it heard. */
  function read(source: TurnEventSource, atMost = Number.POSITIVE_INFINITY): Promise<readonly TurnEvent[]> {
    const heard: TurnEvent[] = [];
    const { promise, resolve, reject } = Promise.withResolvers<readonly TurnEvent[]>();
    const reader: EventReader = {
      take: (step) => {
        if (step.done !== true) heard.push(step.value);
        if (step.done === true || heard.length === atMost) resolve(heard);
        else source.read(reader);
      },
      fail: reject,
    };
    source.read(reader);
    return promise;
  }

  const kindsRead = async (source: TurnEventSource): Promise<readonly string[]> =>
    kindsOf(await read(source));
  const { signal } = new AbortController();
  const asked = turnOf({ explicitAgent: "agent-0" });

  test("hears what a loop reads, whatever its agent says", async () => {
    const reply = fc.constantFrom<AgentReply>(...replying("a").slice(0, 1), ...replying("").slice(0, 1));
    const end = fc.constantFrom<AgentReply>(
      { kind: "completed" },
      { kind: "failed", fault: { kind: "tooLarge" }, repeatable: false },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(reply, { maxLength: 5 }), end, async (replies, last) => {
        const script = async function* (): AsyncGenerator<AgentReply> {
          yield* replies;
          yield last;
        };
        const { services } = setUp({ ask: script });
        const looped = kindsOf(await collect(runTurn(asked, services, { signal })));
        expect(await kindsRead(runTurn(asked, services, { signal }))).toEqual(looped);
      }),
      { numRuns: 30 },
    );
  });

  test("hears of an error that nobody foresaw", async () => {
    const { services } = setUp({
      ask: () => {
        throw new TypeError("broken");
      },
    });
    const kinds = await kindsRead(runTurn(asked, services, { signal }));
    expect(kinds).toEqual(["turn-start", "routing", "error internal"]);
  });

  test("hears nothing more once it has left, though its agent answers", async () => {
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const { services, ended } = setUp({
      ask: async function* () {
        await gate;
        yield* replying("late");
      },
    });
    const events = runTurn(asked, services, { signal });
    await read(events, 2);
    const heard: unknown[] = [];
    const hear = (what: unknown): void => void heard.push(what);
    events.read({ take: hear, fail: hear });
    await events.return();
    open();
    await new Promise<void>((resolve) => setImmediate(resolve));
    expect(heard).toEqual([]);
    expect(ended).toMatchObject([{ outcome: "client_gone" }]);
  });
});

test("counts a turn whose reader leaves as one that its client left", async () => {
  const { services, ended } = setUp();
  const turn = turnOf({ explicitAgent: "agent-0" });
  for await (const event of runTurn(turn, services, { signal: new AbortController().signal })) {
    if (event.kind === "routing") break;
  }
  expect(ended).toMatchObject([{ outcome: "client_gone", decision: "explicit" }]);
});
