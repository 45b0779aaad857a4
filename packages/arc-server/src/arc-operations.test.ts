import { GraphQLError } from "graphql";
import { describe, expect, it } from "vitest";
import { ArcOperations } from "./arc-operations.ts";

const operations = new ArcOperations<{ readonly words: readonly string[] }>({
  names: ["billing", "news"],
  answer: async function* (args, { words }) {
    if (JSON.stringify(args).includes("nobody")) throw new GraphQLError("there is no such conversation");
    for (const content of words)
      yield { agent: { messages: [{ content, format: "text", role: "assistant" }] } };
  },
});

const document =
  "subscription($request: AgentRequestInput!) { agent(request: $request) { messages { content } } }";
const request = (conversationId: string) => ({
  request: { messages: [{ role: "user", content: "hi" }], conversationContext: { conversationId } },
});
const subscription = (conversationId: string) => ({ query: document, variables: request(conversationId) });
const call = { words: ["one", "two"] };

describe("a query", () => {
  it.each([
    { name: "a query", query: "{ agent { names } }" },
    { name: "a name that its document has not", query: document, operationName: "other" },
  ])("over a socket, $name is not supported", async ({ query, operationName }) => {
    const started = await operations.start({ query, operationName, variables: {} }, call);
    expect(started).toEqual({ kind: "unsupported" });
  });

  it("is answered at once", async () => {
    expect(await operations.query({ query: "{ agent { names } }", variables: {} })).toEqual({
      kind: "answered",
      result: { data: { agent: { names: ["billing", "news"] } } },
    });
  });

  it("that is a subscription is answered without data, as ARC answers it", async () => {
    expect(await operations.query(subscription("c"))).toEqual({ kind: "answered", result: { data: {} } });
  });
});

describe("a subscription", () => {
  it("is answered piece by piece", async () => {
    const started = await operations.start(subscription("c"), call);
    if (started.kind !== "streaming") throw new Error(started.kind);
    const contents = [];
    for await (const { data } of started.results)
      contents.push(JSON.stringify(data?.["agent"]).match(/one|two/)?.[0]);
    expect(contents).toEqual(["one", "two"]);
  });

  it.each([
    { name: "lacks its request", variables: {}, says: /^Variable 'request' has an invalid value/ },
    {
      name: "has a message without a role",
      variables: { request: { ...request("c").request, messages: [{ content: "hi" }] } },
      says: /role/,
    },
  ])("that $name is refused", async ({ variables, says }) => {
    const refused = await operations.start({ query: document, variables }, call);
    expect(refused).toMatchObject({ kind: "refused", errors: [{ message: expect.stringMatching(says) }] });
  });

  it("whose arguments the server refuses fails with the server's words", async () => {
    const started = await operations.start(subscription("nobody"), call);
    if (started.kind !== "streaming") throw new Error(started.kind);
    await expect(started.results[Symbol.asyncIterator]().next()).rejects.toThrow(
      "there is no such conversation",
    );
  });
});
