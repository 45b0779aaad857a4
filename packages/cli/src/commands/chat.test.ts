/** `lmos chat` against a runtime that answers from a script. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { runWith } from "../testing/run-with.ts";

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
    const { code, out, hints } = await chat("-t", "what do I owe?");
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

it.each(["acme", "acme/", "/web", "acme/web/more", ""])(
  "refuses %j, which names no channel",
  async (address) => {
    const { code, hints } = await runWith({}, "chat", address, "--runtime", url, "-t", "hello");
    expect(code).toBe(2);
    expect(hints).toContain("is not TENANT/CHANNEL, such as acme/web");
    expect(asked).toEqual([]);
  },
);
