import { FakeClock } from "@lmos/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isRuntimeError } from "./errors.ts";
import { defaultLimits } from "./limits.ts";
import { type FakeAgent, startFakeAgent } from "./testing/fake-agent.ts";
import { routingOf } from "./testing/routings.ts";
import {
  messageBody,
  postMessage,
  type RunningRuntime,
  startTestRuntime,
} from "./testing/running-runtime.ts";

const isFrame =
  (type: string) =>
  (seen: { readonly frame?: Readonly<Record<string, unknown>> }): boolean =>
    seen.frame?.["type"] === type;
const isClose = (seen: { readonly kind: string }): boolean => seen.kind === "close";

interface Served extends AsyncDisposable {
  readonly agent: FakeAgent;
  readonly running: RunningRuntime;
}

/** A runtime with one agent, `agent-0`. */
async function serve(options: Parameters<typeof startTestRuntime>[0] = {}): Promise<Served> {
  const agent = await startFakeAgent();
  const running = await startTestRuntime({
    objects: [routingOf([{ name: "agent-0", host: `127.0.0.1:${agent.port}` }])],
    ...options,
  });
  return {
    agent,
    running,
    [Symbol.asyncDispose]: async () => {
      await running[Symbol.asyncDispose]();
      await agent[Symbol.asyncDispose]();
    },
  };
}

describe("a running runtime", () => {
  let served: Served;
  let running: RunningRuntime;

  beforeAll(async () => {
    served = await serve();
    running = served.running;
  });

  afterAll(() => served[Symbol.asyncDispose]());

  const stillAnswers = async (): Promise<void> => {
    const response = await postMessage(running, messageBody("hello"));
    expect(await response.json()).toEqual({ content: "agent-0: hello", anonymizationEntities: null });
  };

  describe("answers with a clear error, and goes on,", () => {
    const rows: readonly {
      readonly name: string;
      readonly body: string;
      readonly status: number;
      readonly errorCode: string;
      readonly message: string;
    }[] = [
      {
        name: "a body of 5 MB",
        body: messageBody("x".repeat(5_000_000)),
        status: 413,
        errorCode: "INVALID_REQUEST",
        message: "The body is larger than 1048576 bytes: send less.",
      },
      {
        name: "malformed JSON",
        body: '{"inputContext": {',
        status: 400,
        errorCode: "INVALID_REQUEST",
        message: "The body is not JSON: send a JSON object.",
      },
      {
        name: "a forged prototype, which is ignored like any field that nobody knows",
        body: '{"__proto__": {"inputContext": {}, "systemContext": {}, "userContext": {}}}',
        status: 400,
        errorCode: "INVALID_REQUEST",
        message: ["inputContext", "systemContext", "userContext"]
          .map((field) => `Field ${field} is missing: give it as an object.`)
          .join(" "),
      },
      {
        name: "an agent that sends garbage",
        body: messageBody("!garbage"),
        status: 500,
        errorCode: "AGENT_CLIENT_EXCEPTION",
        message: "The agent agent-0 sent something that is no answer.",
      },
      {
        name: "an agent whose answer is too large",
        body: messageBody("!flood"),
        status: 500,
        errorCode: "AGENT_CLIENT_EXCEPTION",
        message: "The answer of the agent agent-0 is too large.",
      },
    ];
    test.each(rows)("$name", async ({ body, status, errorCode, message }) => {
      const response = await postMessage(running, body);
      expect({ status: response.status, body: await response.json() }).toEqual({
        status,
        body: { errorCode, message },
      });
      await stillAnswers();
    });

    test("an unknown tenant", async () => {
      const url = `${running.url}/apis/v1/nobody/chat/c1/message`;
      const headers = { "content-type": "application/json", "x-turn-id": "t1" };
      const response = await fetch(url, { method: "POST", headers, body: messageBody("hello") });
      expect(response.status).toBe(404);
      expect(await response.json()).toEqual({
        errorCode: "AGENT_NOT_FOUND",
        message: "No routing info found operator for tenant: nobody, channel: web",
      });
      await stillAnswers();
    });

    test("a path that cannot be decoded", async () => {
      const response = await fetch(`${running.url}/apis/v1/%zz/chat/c1/message`);
      expect(response.status).toBe(400);
      expect(await response.text()).toBe("");
    });
  });

  test("echoes the turn's id, also with an error", async () => {
    for (const content of ["hello", "!garbage"]) {
      const response = await postMessage(running, messageBody(content), {
        headers: { "x-turn-id": "turn-77" },
      });
      await response.body?.cancel();
      expect(response.headers.get("x-turn-id")).toBe("turn-77");
    }
  });

  test("explains a routing in headers on request only", async () => {
    const explained = await postMessage(running, messageBody("hello"), {
      headers: { "x-lmos-explain": "true" },
    });
    expect(explained.headers.get("x-lmos-agent")).toBe("agent-0");
    expect(explained.headers.get("x-lmos-decision")).toBe("explicit");
    const plain = await postMessage(running, messageBody("hello"));
    expect(plain.headers.get("x-lmos-agent")).toBeNull();
    expect(await explained.text()).toBe(await plain.text());
  });

  test("answers OPTIONS as it always did", async () => {
    const response = await fetch(`${running.url}/apis/v1/acme/chat/c1/message`, { method: "OPTIONS" });
    expect([response.status, await response.text()]).toEqual([200, ""]);
  });

  describe("streams", () => {
    const stream = { headers: { accept: "text/event-stream" } };

    test("typed events with ids", async () => {
      const response = await postMessage(running, messageBody("hello"), stream);
      expect(response.headers.get("content-type")).toBe("text/event-stream");
      expect(response.headers.get("x-turn-id")).toBe("t1");
      const events = (await response.text()).trim().split("\n\n");
      expect(events.map((event) => event.split("\n").slice(0, 2))).toEqual([
        ["id: 1", "event: turn-start"],
        ["id: 2", "event: routing"],
        ["id: 3", "event: text-delta"],
        ["id: 4", "event: text-delta"],
        ["id: 5", "event: message"],
        ["id: 6", "event: turn-end"],
      ]);
      expect(events[4]).toContain('data: {"content":"agent-0: hello","anonymizationEntities":null}');
    });

    test("an error after the pieces that came before it", async () => {
      const response = await postMessage(running, messageBody("!half"), stream);
      const text = await response.text();
      expect(text).toContain('event: text-delta\ndata: {"text":"half"}');
      expect(text).toContain('event: error\ndata: {"code":"agent_interrupted"');
      expect(text).not.toContain("turn-end");
    });

    test("no event that an agent forges", async () => {
      const response = await postMessage(running, messageBody("!forge"), stream);
      const kinds = (await response.text()).split("\n").filter((line) => line.startsWith("event: "));
      expect(kinds.slice(-2)).toEqual(["event: message", "event: turn-end"]);
    });

    test("nothing where a turn cannot begin: that is answered like any other request", async () => {
      const response = await postMessage(running, messageBody("hello", "nobody"), stream);
      expect(response.status).toBe(404);
      expect(response.headers.get("content-type")).toBe("application/json");
    });
  });

  describe("has a management port that", () => {
    test.each(["/livez", "/readyz", "/health", "/health/liveness", "/health/readiness"])(
      "is up: %s",
      async (path) => {
        const response = await fetch(`${running.managementUrl}${path}`);
        expect([response.status, await response.json()]).toMatchObject([200, { status: "UP" }]);
      },
    );

    test("counts turns, with few label values", async () => {
      await stillAnswers();
      const text = await (await fetch(`${running.managementUrl}/metrics`)).text();
      expect(text).toMatch(/lmos_turns_total\{outcome="answered",decision="explicit"\} \d+/);
      expect(text).toContain("lmos_turns_active 0");
      expect(text).toContain("lmos_routings 1");
      const named = text.split("\n").filter((line) => line.includes('"acme"'));
      expect(named.filter((line) => !/^lmos_(channel_turns|agent_calls?)_/.test(line))).toEqual([]);
      expect(text).not.toMatch(/"(t1|c1|u1|x1)"/); // what a client makes up
    });
  });
});

test("answers with a clear error when an agent hangs, and goes on", async () => {
  const clock = new FakeClock();
  // No ping: its pong is real, and would have to come while the clock jumps.
  const limits = { pingAfterMs: 2 * defaultLimits.firstResultMs };
  await using served = await serve({ clock, limits });
  const answer = postMessage(served.running, messageBody("!hang"));
  await served.agent.whenSeen(isFrame("subscribe"));
  await clock.advance(defaultLimits.firstResultMs);
  const response = await answer;
  expect([response.status, await response.json()]).toEqual([
    504,
    { errorCode: "AGENT_CLIENT_EXCEPTION", message: "The agent agent-0 did not answer in time." },
  ]);
  const next = await postMessage(served.running, messageBody("hello"));
  expect(await next.json()).toEqual({ content: "agent-0: hello", anonymizationEntities: null });
});

test("tells the agent that the client is gone", async () => {
  await using served = await serve();
  const client = new AbortController();
  const answer = postMessage(served.running, messageBody("!hang"), { signal: client.signal });
  await served.agent.whenSeen(isFrame("subscribe"));
  client.abort();
  await expect(answer).rejects.toThrow();
  await served.agent.whenSeen(isFrame("complete"));
  await served.agent.whenSeen(isClose);
});

test("tells the agent also when the client of a stream is gone", async () => {
  await using served = await serve();
  const client = new AbortController();
  const headers = { accept: "text/event-stream" };
  const response = await postMessage(served.running, messageBody("!hang"), {
    headers,
    signal: client.signal,
  });
  await served.agent.whenSeen(isFrame("subscribe"));
  client.abort();
  await served.agent.whenSeen(isFrame("complete"));
  await expect(response.text()).rejects.toThrow();
});

test("refuses a turn above its bound and says when to come back", async () => {
  await using served = await serve({ limits: { maxConcurrentTurns: 1 } });
  const client = new AbortController();
  const first = postMessage(served.running, messageBody("!hang"), { signal: client.signal });
  await served.agent.whenSeen(isFrame("subscribe"));
  const second = await postMessage(served.running, messageBody("hello"));
  expect([second.status, second.headers.get("retry-after")]).toEqual([503, "1"]);
  expect(await second.json()).toMatchObject({ errorCode: "SERVICE_UNAVAILABLE" });
  client.abort();
  await expect(first).rejects.toThrow();
});

test("routes a message without an explicit agent by the examples of the routing", async () => {
  await using served = await serve();
  const host = `127.0.0.1:${served.agent.port}`;
  // as the Kotlin operator writes a capability whose agent gives it no id
  const nameless = (name: string) => ({ id: "", name, description: "" });
  const order = [
    "where is my order",
    "track my parcel",
    "when will my package arrive",
    "order status please",
  ];
  const billing = [
    "show my invoice",
    "why is my bill so high",
    "send me the last invoice",
    "I want to see my bill",
  ];
  served.running.client.put(
    routingOf([
      { name: "order-agent", host, capability: nameless("track-order"), examples: order },
      { name: "billing-agent", host, capability: nameless("view-invoice"), examples: billing },
    ]),
  );
  const headers = { "x-lmos-explain": "true" };
  const routed = async (): Promise<string | null> => {
    const body = JSON.stringify({
      inputContext: { messages: [{ role: "user", content: "where is my order?" }] },
      systemContext: { channelId: "web" },
      userContext: { userId: "u1" },
    });
    const response = await postMessage(served.running, body, { headers });
    await response.body?.cancel();
    return response.headers.get("x-lmos-agent");
  };
  await expect.poll(routed).toBe("order-agent");
});

test("follows its routings: a new one is served, a deleted one is not", async () => {
  await using served = await serve();
  const status = async (): Promise<number> => {
    const response = await fetch(`${served.running.url}/apis/v1/agents/other/web`);
    await response.body?.cancel();
    return response.status;
  };
  const routing = routingOf([{ name: "a", host: "a" }], { tenant: "other" });
  expect(await status()).toBe(404);
  served.running.client.put(routing);
  await expect.poll(status).toBe(200);
  served.running.client.remove(routing);
  await expect.poll(status).toBe(404);
});

describe("stopping", () => {
  test("lets a running turn finish and takes no new one", async () => {
    const served = await serve();
    const { running, agent } = served;
    const answer = postMessage(running, messageBody("!wait"));
    await agent.whenSeen(isFrame("subscribe"));
    const stopped = running[Symbol.asyncDispose]();
    const ready = await fetch(`${running.managementUrl}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([503, { status: "DOWN" }]);
    const refused = await postMessage(running, messageBody("hello"));
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
    agent.release();
    expect(await (await answer).json()).toMatchObject({ content: "agent-0: waited" });
    await stopped;
    await agent[Symbol.asyncDispose]();
  });

  test("ends a turn that takes too long with an error that can be retried", async () => {
    const served = await serve({ limits: { drainMs: 20 } });
    const headers = { accept: "text/event-stream" };
    const response = await postMessage(served.running, messageBody("!hang"), { headers });
    await served.agent.whenSeen(isFrame("subscribe"));
    const stopped = served.running[Symbol.asyncDispose]();
    expect(await response.text()).toContain(
      'event: error\ndata: {"code":"server_shutdown","message":"The server is shutting down.","retryable":true',
    );
    await stopped;
    await served.agent.whenSeen(isFrame("complete"));
    await served.agent[Symbol.asyncDispose]();
  });

  test("twice is stopping once", async () => {
    const { running, agent } = await serve();
    await Promise.all([running[Symbol.asyncDispose](), running[Symbol.asyncDispose]()]);
    await agent[Symbol.asyncDispose]();
  });
});

test("answers health beside the messages where it has one port only", async () => {
  await using served = await serve({ management: undefined });
  const response = await fetch(`${served.running.url}/readyz`);
  expect([response.status, await response.json()]).toEqual([200, { status: "UP" }]);
});

test("says which port it cannot open", async () => {
  await using served = await serve();
  const { port } = served.running.runtime.address;
  const second = startTestRuntime({ port });
  await expect(second).rejects.toSatisfy((error) => isRuntimeError(error, "ListenFailed"));
  await expect(second).rejects.toThrow(`cannot listen on 127.0.0.1:${port}`);
});

test("tells the agent the conversation from its own memory when the client asks for that", async () => {
  await using served = await serve();
  const headers = { "x-lmos-history": "server" };
  await postMessage(served.running, messageBody("one"), { headers });
  await postMessage(served.running, messageBody("two"), { headers });
  const last = served.agent.seen.filter(isFrame("subscribe")).at(-1)?.frame;
  const contents = /"content":"([^"]*)"/g;
  expect([...JSON.stringify(last).matchAll(contents)].map(([, content]) => content)).toEqual([
    "one",
    "agent-0: one",
    "two",
  ]);
});
