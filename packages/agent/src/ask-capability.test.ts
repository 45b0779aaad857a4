import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { askCapability } from "./ask-capability.ts";
import { AgentError } from "./errors.ts";

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A runtime's door that answers always the same, or not at all. */
async function startDoor(answer: Answer | "nothing") {
  const asked: string[] = [];
  const shown: (string | undefined)[] = [];
  const heard = Promise.withResolvers<void>();
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    shown.push(request.headers.authorization);
    asked.push(`${request.method} ${request.url} ${body}`);
    heard.resolve();
    if (answer !== "nothing") response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    ...{ asked, shown },
    heard: heard.promise,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/ask`,
  };
}

it("shows the turn's token, where there is one", async () => {
  const { url, shown } = await startDoor({ status: 200, body: '{"content":"no","agent":"b"}' });
  const { signal } = new AbortController();
  const question = { capability: "weather", text: "rain?", url, signal };
  for (const token of ["t1", undefined]) await askCapability({ ...question, token });
  expect(shown).toEqual(["Bearer t1", undefined]);
});

function ask(url: string | undefined, signal = new AbortController().signal): Promise<string> {
  return askCapability({ capability: "weather", text: "rain?", url, signal });
}

it("asks, and gets the answer's text", async () => {
  const { url, asked } = await startDoor({ status: 200, body: '{"content":"no","agent":"b"}' });
  expect(await ask(url)).toBe("no");
  expect(asked).toEqual(['POST /ask {"capability":"weather","text":"rain?"}']);
});

describe("fails, naming the capability and why, when", () => {
  const problem =
    '{"status":404,"code":"no_capability","detail":"The channel has no capability of that name."}';
  const rows: readonly { readonly name: string; readonly answer: Answer; readonly why: RegExp }[] = [
    {
      name: "the runtime says why not",
      answer: { status: 404, body: problem },
      why: /^capability "weather": no_capability \(The channel has no capability of that name\.\)$/,
    },
    { name: "it says nothing", answer: { status: 502, body: "" }, why: /^capability "weather": status 502$/ },
    { name: "it says something else", answer: { status: 500, body: "[1]" }, why: /: status 500$/ },
    {
      name: "the answer is no JSON",
      answer: { status: 200, body: "<html>" },
      why: /^capability "weather": /,
    },
    { name: "the answer has no text", answer: { status: 200, body: "{}" }, why: /^capability "weather": / },
    {
      name: "it sends elsewhere",
      answer: { status: 302, body: "", headers: { location: "http://127.0.0.1:1/" } },
      why: /^capability "weather": /,
    },
  ];
  it.each(rows)("$name", async ({ answer, why }) => {
    const { url } = await startDoor(answer);
    const error: unknown = await ask(url).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AgentError);
    expect(error).toMatchObject({ code: "AskFailed", message: expect.stringMatching(why) });
  });

  it("nobody takes questions", async () => {
    await expect(ask(undefined)).rejects.toThrow('capability "weather": this caller takes no questions');
  });

  it("nobody is there", async () => {
    await expect(ask("http://127.0.0.1:1/")).rejects.toMatchObject({ code: "AskFailed" });
  });
});

it("ends with the turn, for the turn's reason", async () => {
  const { url, heard } = await startDoor("nothing");
  const turn = new AbortController();
  const asking = ask(url, turn.signal);
  await heard;
  turn.abort(new Error("the turn is over"));
  await expect(asking).rejects.toThrow("the turn is over");
});
