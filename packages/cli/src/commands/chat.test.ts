/** `lmos chat` against a runtime that answers from a script. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { PassThrough, Readable } from "node:stream";
import { isRecord } from "@lmos/primitives";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { runUntil, runWith } from "../testing/run-with.ts";

let server: Server;
let url: string;
let asked: { readonly path: string; readonly headers: IncomingMessage["headers"]; readonly body: unknown }[];
let answer: (response: ServerResponse) => void;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
    asked.push({ path: request.url ?? "", headers: request.headers, body });
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked = [];
  answer = events({ routing: { decision: "accept", agent: "billing", confidence: 0.91 } }, { message: said });
});

const said = { content: "You owe 7 €." };

/** A stream of these events, each named by its only member. */
function events(...all: readonly Readonly<Record<string, object>>[]): (response: ServerResponse) => void {
  const text = all.flatMap((one) =>
    Object.entries(one).map(([event, data]) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
  );
  return (response) => response.writeHead(200, { "content-type": "text/event-stream" }).end(text.join(""));
}

function refusal(status: number, body: string): (response: ServerResponse) => void {
  return (response) => response.writeHead(status, { "content-type": "application/json" }).end(body);
}

const chat = (...parameters: readonly string[]) =>
  runWith({}, "chat", "acme/web", "--runtime", url, ...parameters);

describe("one message", () => {
  it("prints the answer, and says beside it who gave it", async () => {
    const { code, out, hints } = await chat("-t", "what do I owe?", "--conversation", "c-1");
    expect({ code, out, hints }).toEqual({ code: 0, out: "You owe 7 €.", hints: "accept · billing 0.91" });
  });

  it("goes to the channel of the tenant, from a user, in a conversation of its own", async () => {
    await chat("-t", "hello", "--user", "ada", "--subset", "canary");
    await chat("-t", "hello", "--conversation", "c 1/2");
    const [first, second] = asked;
    expect(first).toMatchObject({
      path: expect.stringMatching(/^\/apis\/v1\/acme\/chat\/[^/]+\/message$/),
      headers: { accept: "text/event-stream", "x-subset": "canary" },
      body: {
        inputContext: { messages: [{ role: "user", content: "hello" }] },
        systemContext: { channelId: "web" },
        userContext: { userId: "ada" },
      },
    });
    expect(second?.path).toBe("/apis/v1/acme/chat/c%201%2F2/message");
    expect(second?.headers).not.toHaveProperty("x-subset");
    expect(second?.body).toMatchObject({ userContext: { userId: "anonymous" } });
  });

  it.each([
    {
      name: "a refusal with a code",
      given: refusal(429, JSON.stringify({ errorCode: "TOO_MANY", message: "wait a second" })),
      code: 1,
      says: "the runtime answered 429: TOO_MANY: wait a second",
    },
    {
      name: "a channel that nobody has",
      given: refusal(404, JSON.stringify({ errorCode: "AGENT_NOT_FOUND", message: "no routing" })),
      code: 1,
      says: "AGENT_NOT_FOUND: no routing; see `lmos get channels -A` for one that is wired as acme/web",
    },
    {
      name: "a failure of the agent that was chosen, whose log says more",
      given: events(
        { routing: { decision: "accept", agent: "billing" } },
        { error: { code: "agent_error", message: "It failed." } },
      ),
      code: 1,
      says: "agent_error: It failed. (its log says why: `lmos logs billing` on a laptop)",
    },
    {
      name: "a refusal in plain words",
      given: refusal(502, "Bad Gateway"),
      code: 1,
      says: "the runtime answered 502: Bad Gateway",
    },
    {
      name: "a failure in the middle",
      given: events({ routing: {} }, { error: { code: "AGENT_FAILED", message: "billing hung up" } }),
      code: 1,
      says: "AGENT_FAILED: billing hung up",
    },
    {
      name: "an answer that breaks off",
      given: events({ routing: { decision: "accept", agent: "billing" } }),
      code: 3,
      says: "broke its answer off: try again",
    },
  ])("tells of $name", async ({ given, code, says }) => {
    answer = given;
    const result = await chat("-t", "hello");
    expect({ code: result.code, out: result.out }).toEqual({ code, out: "" });
    expect(result.hints).toContain(says);
  });

  it("says that nobody is there", async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const dead = `http://127.0.0.1:${port}`;
    const { code, hints } = await runWith({}, "chat", "acme/web", "--runtime", dead, "-t", "hello");
    expect(code).toBe(3);
    expect(hints).toContain(`the runtime at ${dead} cannot be reached`);
  });
});

it.each(["", "  "])("refuses the message %j, which says nothing", async (text) => {
  const { code, hints } = await chat("-t", text);
  expect({ code, asked }).toEqual({ code: 2, asked: [] });
  expect(hints).toContain("--text is empty");
});

it.each([
  { name: "of a new one", parameters: [], says: /^conversation \S+$/m },
  { name: "not of one that was named", parameters: ["--conversation", "c-1"], says: /^(?!.*conversation)/s },
])("says the name of the conversation once, $name", async ({ parameters, says }) => {
  const { code, hints } = await chat("-t", "hello", ...parameters);
  expect(code).toBe(0);
  expect(hints).toMatch(says);
});

it.each(["acme", "acme/", "/web", "acme/web/more", ""])(
  "refuses %j, which names no channel",
  async (address) => {
    const { code, hints } = await runWith({}, "chat", address, "--runtime", url, "-t", "hello");
    expect(code).toBe(2);
    expect(hints).toContain("is not TENANT/CHANNEL, such as acme/web");
    expect(asked).toEqual([]);
  },
);

describe("a talk", () => {
  const talk = (input: Readable, signal = new AbortController().signal) =>
    runUntil({ environment: {}, signal, input }, "chat", "acme/web", "--runtime", url);
  const messagesOf = (one: (typeof asked)[number] | undefined): unknown =>
    isRecord(one?.body) && isRecord(one.body["inputContext"])
      ? one.body["inputContext"]["messages"]
      : undefined;

  it("is one conversation, in which each message is sent with what was said before", async () => {
    const outcome = await talk(Readable.from(["what do I owe?\nand why?\n"]));
    expect(outcome).toMatchObject({ code: 0, out: "You owe 7 €.\nYou owe 7 €." });
    expect(new Set(asked.map(({ path }) => path)).size).toBe(1);
    expect(new Set(asked.map(({ headers }) => headers["x-turn-id"])).size).toBe(2);
    expect(messagesOf(asked[1])).toEqual([
      { role: "user", content: "what do I owe?" },
      { role: "assistant", content: "You owe 7 €." },
      { role: "user", content: "and why?" },
    ]);
  });

  it.each([
    { name: "an empty line", text: "hello\n\nnever sent\n" },
    { name: "a line of blanks", text: "hello\n  \nnever sent\n" },
    { name: "the end of what is piped in", text: "hello" },
  ])("ends with $name", async ({ text }) => {
    expect((await talk(Readable.from([text]))).code).toBe(0);
    expect(asked).toHaveLength(1);
  });

  it("ends when its user stops it, which is no failure", async () => {
    const stop = new AbortController();
    const input = new PassThrough();
    const talking = talk(input, stop.signal);
    stop.abort(new Error("stopped by SIGINT"));
    expect(await talking).toEqual({ code: 0, out: "", hints: "" });
  });

  it("ends with the failure of a message", async () => {
    answer = refusal(500, "{}");
    const { code, hints } = await talk(Readable.from(["hello\nand again\n"]));
    expect(code).toBe(1);
    expect(hints).toContain("the runtime answered 500");
    expect(asked).toHaveLength(1);
  });
});

it("a connection that breaks in the middle of an answer is said to be broken", async () => {
  answer = (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write('event: routing\ndata: {"decision":"accept"}\n\n', () => response.socket?.destroy());
  };
  const { code, out, hints } = await chat("-t", "hello");
  expect({ code, out }).toEqual({ code: 3, out: "" });
  expect(hints).toContain("broke its answer off: try again");
});

it("a stream that is none of a runtime is told as that", async () => {
  answer = (response) =>
    response.writeHead(200, { "content-type": "text/event-stream" }).end("event: message\ndata: <html>\n\n");
  const { code, hints } = await chat("-t", "hello");
  expect(code).toBe(1);
  expect(hints).toContain(`what answers at ${url} is no runtime`);
});
