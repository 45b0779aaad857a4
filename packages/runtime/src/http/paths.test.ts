/** Paths whose parts are long or odd, and paths that are none, whatever comes with them. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type OperatedRuntime, startOperatedRuntime } from "../testing/operated-runtime.ts";
import { messageBody, type RunningRuntime } from "../testing/running-runtime.ts";

let operated: OperatedRuntime;
let running: RunningRuntime;

beforeAll(async () => {
  operated = await startOperatedRuntime();
  ({ running } = operated);
});
afterAll(() => operated[Symbol.asyncDispose]());

const hello = messageBody("hello");
const headers = { "content-type": "application/json", "x-turn-id": "t1" };

async function send(method: string, path: string, body: string) {
  const response = await fetch(`${running.url}${path}`, { method, headers, body: body === "" ? null : body });
  return { status: response.status, body: (await response.json()) as unknown };
}

const answered = { content: "agent-0: hello", anonymizationEntities: null };
const error = (errorCode: string, message: RegExp) => ({
  errorCode,
  message: expect.stringMatching(message),
});

describe.each(["/apis/v1", "/lmos/runtime/apis/v1"])("below %s", (base) => {
  test.each([
    { name: "a conversation of one letter", part: "c" },
    { name: "a conversation id of 256 characters", part: "c".repeat(256) },
    { name: "such a one whose characters are encoded", part: "%C3%A4".repeat(256) },
    { name: "an id with slashes, blanks and dots", part: "a%2Fb%20c.d" },
    { name: "an id with a line break and a zero", part: "a%0Ab%00" },
    { name: "an emoji", part: "%F0%9F%98%80" },
    { name: "a parameter of the path, which is none of it", part: "c;v=1" },
    { name: "signs that mean something elsewhere", part: "a+b=c&d$e,f:g@h" },
  ])("$name is answered", async ({ part }) => {
    const seen = await send("POST", `${base}/acme/chat/${part}/message`, hello);
    expect(seen).toEqual({ status: 200, body: answered });
  });

  test.each([
    { name: "an id of 257 characters", part: "c".repeat(257), says: /more than 256 characters: shorten it/ },
    { name: "an endless id", part: "c".repeat(5000), says: /part of the path is too long/ },
    { name: "half a character", part: "%C3", says: /cannot be decoded: its bytes are no UTF-8/ },
  ])("$name is 400 and told why", async ({ part, says }) => {
    const seen = await send("POST", `${base}/acme/chat/${part}/message`, hello);
    expect(seen).toEqual({ status: 400, body: error("INVALID_REQUEST", says) });
  });

  test.each([
    { name: "a tenant of 253 characters", tenant: "t".repeat(253), shown: "t{253}|#[0-9a-f]+" },
    { name: "a tenant with letters that no label has", tenant: "%C3%A4cme", shown: "#[0-9a-f]+" },
    { name: "a tenant that only looks like another", tenant: "a%63me-2", shown: "acme-2" },
  ])("$name has no routing", async ({ tenant, shown }) => {
    const says = new RegExp(`^No routing info found operator for tenant: (${shown}), channel: web$`);
    expect(await send("POST", `${base}/${tenant}/chat/c/message`, hello)).toEqual({
      status: 404,
      body: error("AGENT_NOT_FOUND", says),
    });
  });

  const bodies = ["", "{", "<half", hello] as const;
  const methods = ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
  test.each(methods.flatMap((method) => bodies.map((body) => ({ method, body }))))(
    "$method of a path that is none is 404, whatever its body is: “$body”",
    async ({ method, body }) => {
      expect(await send(method, `${base}/acme/nothing`, body)).toEqual({
        status: 404,
        body: error("NOT_FOUND", /^There is nothing under this path\.$/),
      });
    },
  );
});
