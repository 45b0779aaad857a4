/** Row S12: the tokens of the language model, counted and limited for each tenant, on a running runtime. */
import type { ChatModel } from "@lmos/router";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { RuntimeLimits } from "./limits.ts";
import { type FakeAgent, startFakeAgent } from "./testing/fake-agent.ts";
import { createFakeAuthenticator } from "./testing/fake-authenticator.ts";
import { routingOf } from "./testing/routings.ts";
import { type RunningRuntime, startTestRuntime } from "./testing/running-runtime.ts";

let agent: FakeAgent;
let running: RunningRuntime;
let asked = 0;

beforeAll(async () => {
  agent = await startFakeAgent();
});
afterAll(() => agent[Symbol.asyncDispose]());
afterEach(() => running[Symbol.asyncDispose]());

/** Chooses the first candidate; says how many tokens that took, if it is told. */
function modelThatUses(used: number | undefined): ChatModel {
  asked = 0;
  return {
    id: "counting",
    choose: async ({ candidates }, { onUsage }) => {
      asked += 1;
      if (used !== undefined) onUsage({ input: used - 10, output: 10, source: "reported" });
      return JSON.stringify({ id: candidates[0]?.id, question: null });
    },
  };
}

async function start(options: Parameters<typeof startTestRuntime>[0]): Promise<void> {
  const host = `127.0.0.1:${agent.port}`;
  const agents = [
    { name: "agent-0", host, examples: ["where is my order", "track my parcel"] },
    { name: "agent-1", host, examples: ["why is my bill so high", "send me my invoice"] },
  ];
  const objects = ["acme", "globex"].map((tenant) => {
    const routing = routingOf(agents, { tenant });
    return { ...routing, spec: { ...routing.spec, routing: { mode: "llm" as const } } };
  });
  running = await startTestRuntime({ objects, ...options });
}

let turns = 0;
async function ask(tenant: string, headers: Readonly<Record<string, string>> = {}) {
  turns += 1;
  const response = await fetch(`${running.url}/apis/v1/${tenant}/chat/c${turns}/message`, {
    method: "POST",
    headers: {
      ...{ "content-type": "application/json", "x-turn-id": `t${turns}`, "x-lmos-explain": "true" },
      ...headers,
    },
    body: JSON.stringify({
      inputContext: { messages: [{ role: "user", content: `where is my order ${turns}`, format: "text" }] },
      systemContext: { channelId: "web" },
      userContext: { userId: "u1" },
    }),
  });
  await response.arrayBuffer();
  return `${response.status} ${response.headers.get("x-lmos-stage")}`;
}

async function askOften(tenant: string, times: number): Promise<readonly string[]> {
  const answers: string[] = [];
  for (let time = 0; time < times; time++) answers.push(await ask(tenant));
  return answers;
}

async function samples(name: string): Promise<readonly string[]> {
  const text = await (await fetch(`${running.managementUrl}/metrics`)).text();
  return text.split("\n").filter((line) => line.startsWith(name));
}

const limitTo = (tenantModelTokensPerMinute: number): Partial<RuntimeLimits> => ({
  tenantModelTokensPerMinute,
});

describe("S12 a tenant above its tokens", () => {
  test("is answered by vectors, and the other one by the model", async () => {
    await start({ chatModel: modelThatUses(1000), limits: limitTo(2100) });
    expect(await askOften("acme", 5)).toEqual([
      ...["200 llm", "200 llm"], // 100 tokens are left: fewer than a question may take
      ...["200 vector", "200 vector", "200 vector"],
    ]);
    expect(await askOften("globex", 2)).toEqual(["200 llm", "200 llm"]);
    expect(asked).toBe(4);
    expect(await samples("lmos_model_")).toEqual([
      'lmos_model_calls_total{tenant="acme",outcome="answered"} 2',
      'lmos_model_calls_total{tenant="acme",outcome="over-budget"} 3',
      'lmos_model_calls_total{tenant="globex",outcome="answered"} 2',
      'lmos_model_tokens_total{tenant="acme",direction="input",source="reported"} 1980',
      'lmos_model_tokens_total{tenant="acme",direction="output",source="reported"} 20',
      'lmos_model_tokens_total{tenant="globex",direction="input",source="reported"} 1980',
      'lmos_model_tokens_total{tenant="globex",direction="output",source="reported"} 20',
    ]);
  });

  test("is so by the estimate, too, where the service counts nothing", async () => {
    await start({ chatModel: modelThatUses(undefined), limits: limitTo(1500) });
    const answers = await askOften("acme", 12);
    const byModel = answers.filter((each) => each === "200 llm").length;
    expect([byModel > 0, byModel < 12]).toEqual([true, true]);
    expect(answers.filter((each) => each === "200 vector")).toHaveLength(12 - byModel);
    const [, tokens] = (await samples("lmos_model_tokens_total")).map((line) => line.split("} "));
    expect(tokens?.[0]).toContain('source="estimated"');
  });

  test("is answered all the same where the limit lets no call through", async () => {
    await start({ chatModel: modelThatUses(1), limits: limitTo(0) });
    expect(await askOften("acme", 3)).toEqual(["200 vector", "200 vector", "200 vector"]);
    expect(asked).toBe(0);
  });
});

test("S12 no tokens are limited where anyone may be anyone, unless it is wished", async () => {
  await start({ chatModel: modelThatUses(200_000) });
  expect(await askOften("acme", 4)).toEqual(["200 llm", "200 llm", "200 llm", "200 llm"]);
});

test("S12 tokens are limited where users prove who they are", async () => {
  await start({ chatModel: modelThatUses(99_950), authenticator: createFakeAuthenticator() });
  const alice = { authorization: "Bearer alice.token" };
  const answers = [await ask("acme", alice), await ask("acme", alice), await ask("acme", alice)];
  expect(answers).toEqual(["200 llm", "200 vector", "200 vector"]);
  const carol = { authorization: "Bearer carol.token" };
  expect(await ask("globex", carol)).toBe("200 llm");
});
