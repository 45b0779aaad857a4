/** D16: a runtime that stops while a turn runs, as it is seen over new connections and over those that were open. */
import { once } from "node:events";
import { Agent, get, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type FakeAgent, type Seen, startFakeAgent } from "../testing/fake-agent.ts";
import { GraphqlCaller } from "../testing/graphql-caller.ts";
import { routingOf } from "../testing/routings.ts";
import {
  messageBody,
  postMessage,
  type RunningRuntime,
  startTestRuntime,
} from "../testing/running-runtime.ts";

let agent: FakeAgent;
let running: RunningRuntime;
let answer: Promise<Response>;
let asked: Seen;
/** One that was opened before and is idle. */
let open: Agent;
let stopped: PromiseLike<void>;

beforeEach(async () => {
  agent = await startFakeAgent();
  const host = `127.0.0.1:${agent.port}`;
  running = await startTestRuntime({
    objects: [
      routingOf([
        { name: "agent-0", host },
        { name: "agent-1", host },
      ]),
    ],
  });
  answer = postMessage(running, messageBody("!wait"));
  asked = await agent.whenSeen(({ frame }) => frame?.["type"] === "subscribe");
  open = new Agent({ keepAlive: true, maxSockets: 1 });
  await over(open, "/sdl");
  stopped = running[Symbol.asyncDispose]();
});
afterEach(async () => {
  agent.release();
  await stopped;
  open.destroy();
  await agent[Symbol.asyncDispose]();
});

async function over(agentOfConnections: Agent, path: string): Promise<IncomingMessage> {
  const asking = get(`${running.url}${path}`, { agent: agentOfConnections });
  const [response] = (await once(asking, "response")) as [IncomingMessage];
  response.resume();
  await once(response, "end");
  return response;
}

/** An address of the runtime's that the agent at work was told. */
function toldUrl(key: string): string {
  const found = new RegExp(`"key":"${key}","value":"([^"]+)"`).exec(JSON.stringify(asked.frame))?.[1];
  return found ?? "not told";
}

const postJson = (url: string, body: object, method = "POST"): Promise<Response> =>
  fetch(url, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

describe("while its last turn runs", () => {
  test.each(["application/json", "text/event-stream"])(
    "a turn as %s over a new connection is told to come back, elsewhere if it can",
    async (accept) => {
      const refused = await postMessage(running, messageBody("hello"), { headers: { accept } });
      expect([refused.status, refused.headers.get("retry-after"), refused.headers.get("connection")]).toEqual(
        [...[503, "1", "close"]],
      );
      expect(await refused.json()).toEqual({
        errorCode: "SERVICE_UNAVAILABLE",
        message: "The server is shutting down.",
      });
    },
  );

  test("a message of A2A is told so, too", async () => {
    const message = { messageId: "m", role: "ROLE_USER", parts: [{ text: "hello" }] };
    const call = { jsonrpc: "2.0", id: 1, method: "SendMessage", params: { message } };
    expect(await (await postJson(`${running.url}/a2a/acme/web`, call)).json()).toMatchObject({
      error: { data: { code: "server_shutdown", retryable: true } },
    });
  });

  test("a socket for GraphQL is refused", async () => {
    await expect(GraphqlCaller.open(running.url)).rejects.toThrow("503");
  });

  test("what costs nothing is answered over the connection that was open, which is closed then", async () => {
    const response = await over(open, "/sdl");
    expect([response.statusCode, response.headers.connection]).toEqual([200, "close"]);
  });

  test("its agent may still ask another capability", async () => {
    const question = { capability: "agent-1-capability", text: "how much?" };
    const response = await postJson(toldUrl("lmos.ask"), question);
    expect([response.status, await response.json()]).toEqual([
      200,
      { content: "agent-0: how much?", agent: "agent-1" }, // the fake agent is one behind both names
    ]);
  });

  test("its agent may still remember something", async () => {
    const response = await postJson(`${toldUrl("lmos.memory")}/short/agent/color`, { value: "blue" }, "PUT");
    expect(response.ok).toBe(true);
  });

  test("the turn is answered, and then nobody listens", async () => {
    agent.release();
    expect(await (await answer).json()).toMatchObject({ content: "agent-0: waited" });
    await stopped;
    const late = connect(Number(new URL(running.url).port), "127.0.0.1");
    const [error] = await once(late, "error");
    expect(error).toMatchObject({ code: "ECONNREFUSED" });
  });
});
