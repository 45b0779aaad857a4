/** What an agent's answers have in common with those of ARC 0.126, as it was recorded. */
import { arcDocument, arcFallbackDocument } from "@lmos/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AgentServer } from "./agent-server.ts";
import { handover } from "./reply.ts";
import { testAgent } from "./test-agents.ts";
import { TestCaller } from "./test-caller.ts";
import { startTestServer } from "./testing/test-server.ts";

let server: AgentServer;

beforeAll(async () => {
  server = await startTestServer([
    testAgent("first", ({ message }) => `said: ${message}`),
    testAgent("failing", () => Promise.reject(new Error("secret"))),
    testAgent("handing", () => handover({ to: "failing" })),
    testAgent("knowing", ({ system, user }) => `${system("k")} ${user("name")}`),
  ]);
});
afterAll(() => server.stop());

interface Asked {
  readonly content?: string;
  readonly agentName?: string;
  readonly document?: string;
  readonly message?: object;
  readonly conversation?: object;
  readonly more?: object;
}

async function ask({ content = "hello", agentName, document = arcFallbackDocument, ...asked }: Asked) {
  using caller = await TestCaller.acknowledged({ port: server.port });
  const request = {
    messages: [{ role: "user", content, ...asked.message }],
    conversationContext: { conversationId: "c1", ...asked.conversation },
    systemContext: [],
    userContext: { userId: "u1", profile: [] },
    ...asked.more,
  };
  caller.subscribe("s1", document, { request, agentName });
  const [frame, ...others] = await caller.untilEnd();
  expect(others).toEqual([{ type: "complete", id: "s1" }]);
  return frame;
}

describe("a failure is told to callers who do not ask for the type of results", () => {
  const nothing = { messages: [] };
  it.each([
    { name: "of the agent that is named", asked: { agentName: "failing" }, message: "Agent failing failed!" },
    {
      name: "of one that hands over to it",
      asked: { agentName: "handing" },
      message: "Agent handing failed!",
    },
    {
      name: "of the default, with nothing to answer",
      asked: { more: nothing },
      message: "Agent first failed!",
    },
    {
      name: "of the default, for a name that nobody has",
      asked: { agentName: "nobody", more: nothing },
      message: "Agent first failed!",
    },
  ])("by an error with the name $name", async ({ asked, message }) => {
    expect(await ask(asked)).toEqual({ type: "error", id: "s1", payload: [{ message }] });
  });
});

describe("a failure is told to callers who do", () => {
  it.each([
    { name: "fails", asked: { agentName: "failing" }, says: "Something went wrong here. Please try again." },
    {
      name: "has nothing to answer",
      asked: { more: { messages: [] } },
      says: "There is no message to answer.",
    },
  ])("by a result with a text for the user: the agent $name", async ({ asked, says }) => {
    expect(await ask({ ...asked, document: arcDocument })).toMatchObject({
      type: "next",
      payload: { data: { agent: { type: "ERROR", messages: [{ content: says }] } } },
    });
  });
});

describe("a role that there is not is named", () => {
  it.each(["system", "developer", "USER", "", "tool"])("%s", async (role) => {
    const frame = await ask({ message: { role } });
    expect(frame).toEqual({ type: "error", id: "s1", payload: [{ message: `Unknown role: ${role}` }] });
  });

  it("also in the history", async () => {
    const messages = [
      { role: "tool", content: "x" },
      { role: "user", content: "hello" },
    ];
    expect(await ask({ more: { messages } })).toMatchObject({ payload: [{ message: "Unknown role: tool" }] });
  });
});

describe("an answer", () => {
  const entities = [{ type: "NAME", value: "Pat", replacement: "#1" }];
  it.each([
    {
      name: "to an empty message is the agent's",
      asked: { content: "" },
      agent: { messages: [{ content: "said: " }] },
    },
    {
      name: "to blanks is the agent's",
      asked: { content: " \n" },
      agent: { messages: [{ content: "said: " }] },
    },
    {
      name: "has the entities of its request",
      asked: { conversation: { anonymizationEntities: entities } },
      agent: { anonymizationEntities: entities },
    },
    { name: "has none where there are none", asked: {}, agent: { anonymizationEntities: [] } },
    {
      name: "has the conversation's turn id",
      asked: { conversation: { turnId: "t1" }, message: { turnId: "t2" } },
      agent: { messages: [{ turnId: "t1" }] },
    },
    {
      name: "has the message's turn id where the conversation gives none",
      asked: { message: { turnId: "t2" } },
      agent: { messages: [{ turnId: "t2" }] },
    },
    {
      name: "knows the last of several values under a key",
      asked: {
        agentName: "knowing",
        more: {
          systemContext: [
            { key: "k", value: "v" },
            { key: "k", value: "w" },
          ],
          userContext: {
            profile: [
              { key: "name", value: "Pat" },
              { key: "name", value: "Lee" },
            ],
          },
        },
      },
      agent: { messages: [{ content: "w Lee" }] },
    },
  ])("$name", async ({ asked, agent }) => {
    expect(await ask(asked)).toMatchObject({ type: "next", payload: { data: { agent } } });
  });
});
