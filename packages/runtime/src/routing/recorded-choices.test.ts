/**
 * Conversations with the Kotlin runtime in its three modes with a language model, and what it made of the model's choices:
 * where one of the modes has an agent answer, the same agent gives the same answer here. What differs on purpose has its row
 * of docs/compatibility.md.
 */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createOpenAiChatModel } from "@lmos/router";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { startFakeAgent } from "../testing/fake-agent.ts";
import { type RunningRuntime, startTestRuntime } from "../testing/running-runtime.ts";
import { type StubOperator, startStubOperator } from "../testing/stub-operator.ts";

const answerSchema = z.object({
  status: z.number(),
  content: z.string().optional(),
  code: z.string().optional(),
  message: z.string().optional(),
  /** Of each call of the model, the messages that are none of the system. */
  asked: z.array(z.number()),
});
const recorded = z
  .array(
    z.object({
      name: z.string(),
      messages: z.array(z.object({ role: z.string(), content: z.string() })),
      explicitAgent: z.string().optional(),
      /** What the model chooses: the agent whose description has that word, or nobody. */
      chooses: z.string().optional(),
      /** Or what it says, word for word. */
      says: z.string().optional(),
      /** What the operator answers. */
      operator: z.object({ status: z.number(), body: z.unknown() }).optional(),
      router: answerSchema,
      classifier: answerSchema,
      disambiguation: answerSchema,
    }),
  )
  .parse(JSON.parse(readFileSync(new URL("../testdata/recorded-choices.json", import.meta.url), "utf8")));
type Recorded = (typeof recorded)[number];

const polite = "Sorry, I can't help with that";
const noneFits = "`ROUTER_TYPE=LLM` or the classifier by a model: no agent fits";

interface Difference {
  readonly row: string;
  readonly names: RegExp;
  readonly status: number;
  /** What the answer begins with, or the code of its error. */
  readonly says: string;
}

const differences: readonly Difference[] = [
  {
    row: "messages with other roles than user and assistant",
    names: /^a system message first|^a role |^the last of role system/,
    status: 400,
    says: "INVALID_REQUEST",
  },
  {
    row: "no user message and no explicit agent",
    names: /^the assistant's alone|^no messages/,
    status: 400,
    says: "INVALID_REQUEST",
  },
  {
    row: "an empty message, a classifier is on",
    names: /^(an empty|a blank) message/,
    status: 200,
    says: polite,
  },
  {
    row: "`explicitAgent` while a classifier is on",
    names: /^explicit agent$/,
    status: 200,
    says: "agent-1: where is my parcel",
  },
  { row: "unknown explicit agent", names: /^explicit agent /, status: 404, says: "AGENT_NOT_FOUND" },
  { row: noneFits, names: /^(nobody|a name .*) is chosen|^question: |^no agents/, status: 200, says: polite },
  {
    row: "`ROUTER_TYPE=LLM` or the classifier by a model: the model fails, or says what cannot be read",
    names: /^chosen: (null|number|list|object|missing)/,
    status: 200,
    says: "agent-1: where is my parcel",
  },
  {
    row: "an agent without an address",
    names: /^an agent without capabilities/,
    status: 200,
    says: "agent-0: where is my parcel",
  },
];
const differenceOf = ({ name }: Recorded) => differences.find(({ names }) => names.test(name));

let chosen: Pick<Recorded, "chooses" | "says"> = {};
const model = createServer(async (request, response) => {
  const asked = JSON.parse((await request.setEncoding("utf8").toArray()).join(""));
  const { candidates } = z
    .object({ candidates: z.array(z.looseObject({ id: z.string() })) })
    .parse(JSON.parse(asked.messages[1].content));
  const found = candidates.find((candidate) => JSON.stringify(candidate).includes(chosen.chooses ?? ""));
  const content = chosen.says ?? JSON.stringify({ id: found?.id ?? "none" });
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ choices: [{ message: { role: "assistant", content } }] }));
});

const started = new AsyncDisposableStack();
let operator: StubOperator;
let running: RunningRuntime;
let hosts: readonly string[];
beforeAll(async () => {
  const agents = [await startFakeAgent({ name: "agent-0" }), await startFakeAgent({ name: "agent-1" })];
  for (const agent of agents) started.use(agent);
  hosts = agents.map(({ port }) => `127.0.0.1:${port}`);
  operator = started.use(await startStubOperator("nowhere"));
  model.listen(0, "127.0.0.1");
  await once(model, "listening");
  const baseUrl = `http://127.0.0.1:${(model.address() as AddressInfo).port}/v1`;
  running = started.use(
    await startTestRuntime({
      routings: { kind: "operator", url: operator.url },
      chatModel: createOpenAiChatModel({ baseUrl, model: "stub" }),
      // a slow machine is no slow model
      limits: { modelMs: 10_000 },
    }),
  );
});
afterAll(async () => {
  await started.disposeAsync();
  model.closeAllConnections();
  model.close();
});

const groups = [
  ["agent-0", "Shows and explains bills"],
  ["agent-1", "Finds parcels"],
].map(([id = "", description = ""], place) => {
  const capability = {
    id: `cap-${id}`,
    name: `cap-${id}`,
    providedVersion: "1.0.0",
    requiredVersion: ">=1.0.0",
  };
  return { id, name: id, description, capabilities: [{ ...capability, description, host: `HOST${place}` }] };
});
const labels = { channel: "web", subset: "stable", tenant: "TENANT", version: "1.0.0" };
const usual = {
  apiVersion: "lmos.eclipse/v1",
  kind: "ChannelRouting",
  metadata: { name: "acme-web-stable", namespace: "default", labels },
  spec: { capabilityGroups: groups },
};

/** The operator's answer for that tenant, whose channel wants the model asked. */
function routingFor(tenant: string, { operator: told }: Recorded): { status: number; body: unknown } {
  const { status, body } = told ?? { status: 200, body: usual };
  const text = JSON.stringify(body)
    .replaceAll("TENANT", tenant)
    .replaceAll("HOST0", hosts[0] ?? "")
    .replaceAll("HOST1", hosts[1] ?? "")
    .replace('"spec":{', '"spec":{"routing":{"mode":"llm"},');
  return { status, body: JSON.parse(text) };
}

async function answerTo(exchange: Recorded): Promise<{ readonly status: number; readonly said: string }> {
  const tenant = `t${recorded.indexOf(exchange)}`;
  const { messages, explicitAgent } = exchange;
  chosen = exchange;
  operator.answerWith(routingFor(tenant, exchange));
  const response = await fetch(`${running.url}/apis/v1/${tenant}/chat/c1/message`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-turn-id": "t1" },
    body: JSON.stringify({
      inputContext: { messages, explicitAgent },
      systemContext: { channelId: "web" },
      userContext: { userId: "u1" },
    }),
  });
  const { content, errorCode } = z
    .object({ content: z.string().optional(), errorCode: z.string().optional() })
    .parse(await response.json());
  return { status: response.status, said: content ?? errorCode ?? "" };
}

/** What one of the modes answered; one in which an agent did, if there is any. */
function answered({ router, classifier, disambiguation }: Recorded): z.infer<typeof answerSchema> {
  return [router, classifier, disambiguation].find(({ content }) => content?.startsWith("agent-")) ?? router;
}

describe("is answered as by the Kotlin runtime:", () => {
  test.each(recorded.filter((each) => differenceOf(each) === undefined))("$name", async (exchange) => {
    const { status, content, code } = answered(exchange);
    expect(await answerTo(exchange)).toEqual({ status, said: content ?? code });
  });
});

describe("is answered otherwise:", () => {
  test.each(recorded.filter((each) => differenceOf(each) !== undefined))("$name", async (exchange) => {
    const { status, says } = differenceOf(exchange) ?? { status: 0, says: "" };
    const answer = await answerTo(exchange);
    expect(answer).toEqual({ status, said: expect.stringMatching(new RegExp(`^${says}`)) });
    const { status: wasStatus, content, code } = answered(exchange);
    expect(answer).not.toEqual({ status: wasStatus, said: content ?? code });
  });
});

describe("the table of differences", () => {
  const documented = readFileSync(new URL("../../../../docs/compatibility.md", import.meta.url), "utf8");

  test.each(differences)("has a row for, and names something by, $names", (difference) => {
    expect(documented).toContain(`\n| ${difference.row} |`);
    expect(recorded.some((each) => differenceOf(each) === difference)).toBe(true);
  });
});
