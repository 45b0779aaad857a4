// The nine promises to callers written for Kotlin ARC agents, each held over real sockets.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type LogFields, type Logger, silentLogger } from "@lmos/primitives";
import { arcDocument, arcFallbackDocument } from "@lmos/protocol";
import { FakeClock, SequentialIds } from "@lmos/testing";
import { buildSchema, parse, validate } from "graphql";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { type AgentServer, startAgentServer } from "./agent-server.ts";
import { type Agent, defineAgent, type RespondingAgentDefinition } from "./define-agent.ts";
import { handover } from "./reply.ts";
import { TestCaller, upgradeAnswer } from "./test-caller.ts";
import javaRuntimeSubscribe from "./testdata/java-runtime-subscribe.json" with { type: "json" };
import { defineTool } from "./tool.ts";
import type { TurnContext } from "./turn-context.ts";

const started: AgentServer[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

function agentOf(respond: RespondingAgentDefinition["respond"], name = "billing-agent"): Agent {
  return defineAgent({
    name,
    description: "Answers questions about bills.",
    capabilities: [
      {
        name: "view-invoice",
        version: "1.0.0",
        description: "Shows an invoice",
        examples: ["Where is my bill?"],
      },
    ],
    supportedTenants: ["acme"],
    supportedChannels: ["web"],
    respond,
  });
}

async function start(
  agents: readonly [Agent, ...Agent[]],
  { logger = silentLogger, clock = new FakeClock() } = {},
) {
  const server = await startAgentServer({
    agents,
    host: "127.0.0.1",
    port: 0,
    clock,
    ids: new SequentialIds(),
    logger,
    timeoutMs: 5_000,
    drainTimeoutMs: 1_000,
  });
  started.push(server);
  return server;
}

function requestOf(
  content: string,
  more: { readonly systemContext?: unknown; readonly turnId?: unknown } = {},
) {
  return {
    messages: [{ role: "user", content, format: "text", turnId: null, binaryData: null }],
    conversationContext: { conversationId: "c1", turnId: more.turnId ?? null, anonymizationEntities: null },
    systemContext: more.systemContext ?? [],
    userContext: { userId: "u1", userToken: null, profile: [{ key: "name", value: "Pat" }] },
  };
}

const resultFrame = z.object({
  payload: z.object({
    data: z.object({ agent: z.looseObject({ messages: z.array(z.looseObject({ content: z.string() })) }) }),
  }),
});

function resultsIn(frames: readonly Record<string, unknown>[]) {
  return frames
    .filter(({ type }) => type === "next")
    .map((frame) => resultFrame.parse(frame).payload.data.agent);
}

/** Asks once over a socket of its own and gives the results. */
async function ask(server: AgentServer, request: unknown, agentName: string | null = null) {
  using caller = await TestCaller.acknowledged({ port: server.port });
  caller.subscribe("s1", arcDocument, { request, agentName });
  return resultsIn(await caller.untilEnd());
}

/** Lines that were logged, with the fields of their logger. */
function recordingLogger(lines: Record<string, unknown>[], base: LogFields = {}): Logger {
  const write = (message: string, fields: LogFields = {}) => void lines.push({ ...base, ...fields, message });
  return {
    debug: write,
    info: write,
    warn: write,
    error: write,
    child: (fields) => recordingLogger(lines, { ...base, ...fields }),
  };
}

const echo = agentOf((context) => `you said: ${context.message}`);

describe("1. sub-protocols", () => {
  it.each([
    { name: "none", subprotocols: [], chosen: "" },
    { name: "graphql-transport-ws", subprotocols: ["graphql-transport-ws"], chosen: "graphql-transport-ws" },
    { name: "several", subprotocols: ["graphql-ws", "graphql-transport-ws"], chosen: "graphql-transport-ws" },
  ])("serves a socket that offers $name", async ({ subprotocols, chosen }) => {
    const server = await start([echo]);
    using caller = await TestCaller.acknowledged({ port: server.port, subprotocols });
    caller.subscribe("s1", arcDocument, { request: requestOf("hello"), agentName: null });
    expect(resultsIn(await caller.untilEnd())).toMatchObject([
      { messages: [{ content: "you said: hello" }] },
    ]);
    expect(caller.socket.protocol).toBe(chosen);
  });

  it("refuses the legacy graphql-ws with a text that says what to offer", async () => {
    const server = await start([echo]);
    const answer = await upgradeAnswer(server.port, "/subscriptions", ["Sec-WebSocket-Protocol: graphql-ws"]);
    expect(answer).toMatch(/^HTTP\/1.1 400 Bad Request/);
    expect(answer).toContain('offer \\"graphql-transport-ws\\" or none');
  });
});

describe("2. documents", () => {
  const perField = `subscription agent($conversationId: String!, $messages: [MessageInput!]!,
      $userContext: UserContextInput!, $systemContext: [SystemContextEntryInput!]!) {
    agent(request: { conversationContext: { conversationId: $conversationId, anonymizationEntities: [] },
      systemContext: $systemContext, userContext: $userContext, messages: $messages }) { messages { content } } }`;
  const inline = `subscription { agent(agentName: "billing-agent", request: {
      conversationContext: { conversationId: "1" }, systemContext: [], userContext: { userId: "1234", profile: [] },
      messages: [{ role: "user", content: "hello", format: "text" }] }) { messages { content } } }`;
  const sparse = `subscription { agent(request: { conversationContext: { conversationId: "1" },
      messages: [{ role: "user", content: "hello" }] }) { messages { content } } }`;
  const { messages, userContext } = requestOf("hello");

  it.each([
    {
      name: "of our client",
      query: arcDocument,
      variables: { request: requestOf("hello"), agentName: null },
    },
    {
      name: "of our client for old servers",
      query: arcFallbackDocument,
      variables: { request: requestOf("hello") },
    },
    {
      name: "with a variable for each part, as Arc View asks",
      query: perField,
      variables: { conversationId: "c1", messages, userContext, systemContext: [] },
    },
    { name: "with everything inline", query: inline, variables: {} },
    { name: "without the fields that have defaults", query: sparse, variables: {} },
    {
      name: "with nulls for them",
      query: arcDocument,
      variables: { request: { ...requestOf("hello"), systemContext: null, userContext: null } },
    },
  ])("$name are answered", async ({ query, variables }) => {
    const server = await start([echo]);
    using caller = await TestCaller.acknowledged({ port: server.port });
    caller.subscribe("s1", query, variables);
    expect(resultsIn(await caller.untilEnd())).toMatchObject([
      { messages: [{ content: "you said: hello" }] },
    ]);
  });

  it("of the Kotlin client, as recorded, get every field that it demands", async () => {
    const server = await start([echo]);
    using caller = await TestCaller.acknowledged({ port: server.port });
    caller.send(javaRuntimeSubscribe);
    const frames = await caller.untilEnd();
    expect(resultsIn(frames)).toEqual([
      {
        status: null,
        type: "MESSAGE",
        responseTime: expect.any(Number),
        toolCalls: [],
        context: [],
        anonymizationEntities: [],
        messages: [{ content: "you said: hello", format: "text", role: "assistant" }],
      },
    ]);
    expect(frames.map(({ id }) => id)).toEqual(frames.map(() => javaRuntimeSubscribe.id));
  });

  it("of our client for old servers fit the schema of ARC 0.126", () => {
    const old = buildSchema(
      readFileSync(new URL("testdata/arc-0.126-schema.graphql", import.meta.url), "utf8"),
    );
    expect(validate(old, parse(arcFallbackDocument))).toEqual([]);
    expect(validate(old, parse(arcDocument)).length).toBeGreaterThan(0);
  });

  it("that are wrong get an error frame, and the socket serves on", async () => {
    const server = await start([echo]);
    using caller = await TestCaller.acknowledged({ port: server.port });
    for (const query of ["subscription {", "subscription { nope }", "mutation { x }"]) {
      caller.subscribe("s1", query, {});
      expect(await caller.next()).toMatchObject({
        type: "error",
        id: "s1",
        payload: [{ message: expect.any(String) }],
      });
      expect(await caller.next()).toEqual({ type: "complete", id: "s1" });
    }
    caller.subscribe("s2", arcDocument, { request: requestOf("x") });
    expect(await caller.next()).toMatchObject({ type: "next", id: "s2" });
  });

  it("with a role that ARC doesn't know are refused with the field's name", async () => {
    const server = await start([echo]);
    using caller = await TestCaller.acknowledged({ port: server.port });
    const request = { ...requestOf("x"), messages: [{ role: "system", content: "x" }] };
    caller.subscribe("s1", arcDocument, { request });
    expect(await caller.next()).toMatchObject({
      type: "error",
      payload: [{ message: expect.stringContaining("role") }],
    });
  });
});

describe("3. one answer unless more is asked for", () => {
  const chatty = agentOf(async function* (context: TurnContext) {
    context.note("Looking it up");
    yield "It is ";
    yield "paid.";
  });

  it.each([
    { name: "one MESSAGE by default", keys: [], said: ["MESSAGE: It is paid."] },
    {
      name: "deltas and the full text when streaming is asked for",
      keys: ["lmos.streaming"],
      said: ["INTERMEDIATE_MESSAGE: It is ", "INTERMEDIATE_MESSAGE: paid.", "MESSAGE: It is paid."],
    },
    {
      name: "notes when they are asked for",
      keys: ["lmos.notes"],
      said: ["INTERMEDIATE_MESSAGE: Looking it up", "MESSAGE: It is paid."],
    },
    { name: "no EVENT even when eventing is on", keys: ["enableEventing"], said: ["MESSAGE: It is paid."] },
  ])("sends $name", async ({ keys, said }) => {
    const server = await start([chatty]);
    const systemContext = keys.map((key) => ({ key, value: "true" }));
    const results = await ask(server, requestOf("bill?", { systemContext }));
    expect(results.map(({ type, messages }) => `${type}: ${messages[0]?.content}`)).toEqual(said);
  });
});

describe("4. failures and cancellation", () => {
  it("become one ERROR result with a safe text; the log has the cause", async () => {
    const lines: Record<string, unknown>[] = [];
    const cause = new Error("password is hunter2");
    const server = await start([agentOf(() => Promise.reject(cause))], { logger: recordingLogger(lines) });
    expect(await ask(server, requestOf("hi"))).toMatchObject([
      { type: "ERROR", messages: [{ content: "Something went wrong here. Please try again." }] },
    ]);
    expect(lines).toContainEqual(expect.objectContaining({ message: "Turn failed", error: cause }));
  });

  it("say so when there is nothing to answer", async () => {
    const server = await start([echo]);
    expect(await ask(server, { ...requestOf("x"), messages: [] })).toMatchObject([
      { type: "ERROR", messages: [{ content: "There is no message to answer." }] },
    ]);
  });

  it("end a turn that takes too long, whether its code listens or not", async () => {
    const clock = new FakeClock();
    const running = Promise.withResolvers<TurnContext>();
    const deaf = agentOf((context) => {
      running.resolve(context);
      return new Promise<string>(() => undefined);
    });
    const server = await start([deaf], { clock });
    const asked = ask(server, requestOf("hi"));
    const context = await running.promise;
    await clock.advance(5_000);
    expect(await asked).toMatchObject([
      { type: "ERROR", messages: [{ content: "This took too long. Please try again." }] },
    ]);
    expect(context.signal.aborted).toBe(true);
  });

  it.each([
    { name: "closes the socket", leave: (caller: TestCaller) => caller.socket.close() },
    {
      name: "completes the operation",
      leave: (caller: TestCaller) => caller.send({ type: "complete", id: "s1" }),
    },
    { name: "breaks the protocol", leave: (caller: TestCaller) => caller.send("garbage") },
  ])("abort the turn when its caller $name", async ({ leave }) => {
    const running = Promise.withResolvers<AbortSignal>();
    const waiting = agentOf(async ({ signal }) => {
      running.resolve(signal);
      await once(signal, "abort");
      return "too late";
    });
    const server = await start([waiting]);
    using caller = await TestCaller.acknowledged({ port: server.port });
    caller.subscribe("s1", arcDocument, { request: requestOf("hi") });
    const signal = await running.promise;
    leave(caller);
    if (!signal.aborted) await once(signal, "abort");
    expect(signal.aborted).toBe(true);
  });

  it("stop a generator that its caller left", async () => {
    const running = Promise.withResolvers<void>();
    const stopped = Promise.withResolvers<string>();
    const endless = agentOf(async function* () {
      running.resolve();
      try {
        while (true) yield "more ";
      } finally {
        stopped.resolve("stopped");
      }
    });
    const server = await start([endless]);
    using caller = await TestCaller.acknowledged({ port: server.port });
    const systemContext = [{ key: "lmos.streaming", value: "true" }];
    caller.subscribe("s1", arcDocument, { request: requestOf("hi", { systemContext }) });
    await running.promise;
    caller.socket.terminate();
    expect(await stopped.promise).toBe("stopped");
  });
});

describe("5. capabilities.json", () => {
  it("has exactly the ten fields", async () => {
    const server = await start([echo]);
    const response = await fetch(`http://127.0.0.1:${server.port}/.well-known/capabilities.json`);
    expect(response.headers.get("content-type")).toMatch(/^application\/json/);
    expect(await response.json()).toEqual({
      id: "billing-agent",
      description: "Answers questions about bills.",
      supportedTenants: ["acme"],
      supportedChannels: ["web"],
      capabilities: [
        {
          id: "view-invoice",
          name: "view-invoice",
          version: "1.0.0",
          description: "Shows an invoice",
          examples: ["Where is my bill?"],
        },
      ],
    });
  });
});

describe("6. names and turn ids", () => {
  const first = agentOf(({ turnId }) => `first ${turnId}`, "first");
  const second = agentOf(({ turnId }) => `second ${turnId}`, "second");

  it.each([
    { name: "no name", agentName: null, answer: "first id-1" },
    { name: "an unknown name", agentName: "nobody", answer: "first id-1" },
    { name: "a name", agentName: "second", answer: "second id-1" },
  ])("$name is answered, with an invented turn id", async ({ agentName, answer }) => {
    const server = await start([first, second]);
    expect(await ask(server, requestOf("hi"), agentName)).toMatchObject([
      { messages: [{ content: answer, turnId: "id-1" }] },
    ]);
  });

  it("keeps the caller's turn id", async () => {
    const server = await start([first]);
    expect(await ask(server, requestOf("hi", { turnId: "t7" }))).toMatchObject([
      { messages: [{ content: "first t7" }] },
    ]);
  });
});

describe("7. health and drain", () => {
  const healthOf = async (server: AgentServer, path: string) =>
    (await fetch(`http://127.0.0.1:${server.port}${path}`)).status;

  it("is up while serving, red on readiness and alive while draining, and finishes open turns", async () => {
    const release = Promise.withResolvers<string>();
    const running = Promise.withResolvers<void>();
    const slow = agentOf(() => {
      running.resolve();
      return release.promise;
    });
    const server = await start([slow]);
    for (const path of ["/health", "/health/liveness", "/health/readiness"]) {
      expect(await healthOf(server, path)).toBe(200);
    }
    using caller = await TestCaller.acknowledged({ port: server.port });
    caller.subscribe("s1", arcDocument, { request: requestOf("hi") });
    await running.promise;
    const stopped = server.stop();
    expect(await healthOf(server, "/health/readiness")).toBe(503);
    expect(await healthOf(server, "/health/liveness")).toBe(200);
    expect(await upgradeAnswer(server.port, "/subscriptions")).toMatch(/^HTTP\/1.1 503 /);
    caller.subscribe("s2", arcDocument, { request: requestOf("hi") });
    expect(await caller.next()).toMatchObject({ type: "error", id: "s2" });
    expect(await caller.next()).toEqual({ type: "complete", id: "s2" });
    release.resolve("done");
    expect(resultsIn(await caller.untilEnd())).toMatchObject([{ messages: [{ content: "done" }] }]);
    expect((await caller.closed()).code).toBe(1001);
    await stopped;
  });

  it("cuts off what is not done when the time to drain is over", async () => {
    const clock = new FakeClock();
    const running = Promise.withResolvers<void>();
    const hanging = agentOf(() => {
      running.resolve();
      return new Promise<string>(() => undefined);
    });
    const server = await start([hanging], { clock });
    using caller = await TestCaller.acknowledged({ port: server.port });
    caller.subscribe("s1", arcDocument, { request: requestOf("hi") });
    await running.promise;
    const stopped = server.stop();
    await clock.advance(1_000);
    await stopped;
    expect((await caller.closed()).code).toBe(1006);
  });
});

describe("8. headers of the upgrade request", () => {
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const look = defineTool({
    name: "look",
    description: "Looks",
    parameters: z.object({}),
    execute: (_input, { subset, traceparent: parent, tracestate }) => [subset, parent, tracestate].join(" "),
  });

  it("reach the agent, its tools and its log", async () => {
    const lines: Record<string, unknown>[] = [];
    const agent = agentOf((context) => context.call(look, {}));
    const server = await start([agent], { logger: recordingLogger(lines) });
    using caller = await TestCaller.acknowledged({
      port: server.port,
      headers: { "x-subset": "canary", traceparent, tracestate: "rojo=1" },
    });
    caller.subscribe("s1", arcDocument, { request: requestOf("hi") });
    expect(resultsIn(await caller.untilEnd())).toMatchObject([
      {
        messages: [{ content: `canary ${traceparent} rojo=1` }],
        toolCalls: [{ name: "look", arguments: "{}" }],
      },
    ]);
    expect(lines).toContainEqual(
      expect.objectContaining({ conversationId: "c1", subset: "canary", traceparent }),
    );
  });

  it("count for turns that name no trace of their own, as a socket serves many", async () => {
    const server = await start([agentOf((context) => context.call(look, {}))]);
    using caller = await TestCaller.acknowledged({
      port: server.port,
      headers: { traceparent, tracestate: "rojo=1" },
    });
    const own = traceparent.replace("b7ad6b7169203331", "00f067aa0ba902b7");
    caller.subscribe("s1", arcDocument, {
      request: requestOf("hi", { systemContext: [{ key: "traceparent", value: own }] }),
    });
    expect(resultsIn(await caller.untilEnd())).toMatchObject([{ messages: [{ content: ` ${own} ` }] }]);
    caller.subscribe("s2", arcDocument, {
      request: requestOf("hi", { systemContext: [{ key: "traceparent", value: "x" }] }),
    });
    expect(resultsIn(await caller.untilEnd())).toMatchObject([
      { messages: [{ content: ` ${traceparent} rojo=1` }] },
    ]);
  });
});

describe("9. status words and several agents", () => {
  it("sends null for no status, the word for one, and the context that the agent set", async () => {
    const agent = agentOf((context) => {
      context.setContext("invoice", `${context.user("name")} 42`);
      return context.message === "help" ? handover({ content: "A person will call you." }) : "fine";
    });
    const server = await start([agent]);
    expect(await ask(server, requestOf("hi"))).toMatchObject([
      { status: null, context: [{ key: "invoice", value: "Pat 42" }] },
    ]);
    expect(await ask(server, requestOf("help"))).toMatchObject([{ status: "AGENT_HANDOVER" }]);
  });

  it("lets the agent answer that the conversation is handed over to", async () => {
    const server = await start([
      agentOf(() => handover({ to: "second" }), "first"),
      agentOf(({ message }) => `second: ${message}`, "second"),
    ]);
    expect(await ask(server, requestOf("hi"))).toMatchObject([
      { status: null, messages: [{ content: "second: hi" }] },
    ]);
  });

  it("tells the caller of a handover to an agent that is served elsewhere", async () => {
    const server = await start([agentOf(() => handover({ to: "far-agent" }))]);
    expect(await ask(server, requestOf("hi"))).toMatchObject([
      { type: "MESSAGE", status: "AGENT_HANDOVER[far-agent]" },
    ]);
  });

  it("ends a circle of handovers", async () => {
    let turns = 0;
    const back = (to: string) => () => {
      turns += 1;
      return handover({ to });
    };
    const server = await start([agentOf(back("second"), "first"), agentOf(back("first"), "second")]);
    expect(await ask(server, requestOf("hi"))).toMatchObject([{ type: "ERROR" }]);
    expect(turns).toBe(21);
  });
});
