/** The operations of A2A that a channel does not have: each is told by the error that A2A has for it. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FakeAgent, startFakeAgent } from "../testing/fake-agent.ts";
import { routingOf } from "../testing/routings.ts";
import { type RunningRuntime, startTestRuntime } from "../testing/running-runtime.ts";

let agent: FakeAgent;
let running: RunningRuntime;

beforeAll(async () => {
  agent = await startFakeAgent();
  const examples = ["where is my order", "track my parcel"];
  const host = `127.0.0.1:${agent.port}`;
  running = await startTestRuntime({ objects: [routingOf([{ name: "agent-0", host, examples }])] });
});
afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await agent[Symbol.asyncDispose]();
});

async function call(
  method: string,
  params: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<string> {
  const response = await fetch(`${running.url}/a2a/acme/web`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  return response.text();
}

async function errorOf(
  ...parameters: Parameters<typeof call>
): Promise<{ readonly code: number; readonly data?: unknown }> {
  return JSON.parse(await call(...parameters)).error;
}

const message = { messageId: "m1", role: "ROLE_USER", parts: [{ text: "track my parcel" }] };

/** The id of a task that has ended. */
async function endedTask(): Promise<string> {
  const [, id = ""] =
    /"id":"([^"]+)","contextId"/.exec(await call("SendStreamingMessage", { message })) ?? [];
  return id;
}

const info = (reason: string): unknown => [
  { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason, domain: "a2a-protocol.org" },
];

describe("of a task that there is not,", () => {
  test.each([
    { method: "GetTask", data: info("TASK_NOT_FOUND") },
    { method: "CancelTask", data: info("TASK_NOT_FOUND") },
    { method: "SubscribeToTask", data: info("TASK_NOT_FOUND") },
    { method: "tasks/get", data: undefined },
    { method: "tasks/cancel", data: undefined },
    { method: "tasks/resubscribe", data: undefined },
  ])("$method is told so", async ({ method, data }) => {
    expect(await errorOf(method, { id: "nothing" })).toEqual({
      code: -32001,
      message: "Task not found",
      data,
    });
  });

  test.each(["CancelTask", "SubscribeToTask", "tasks/cancel"])("%s needs its id", async (method) => {
    expect(await errorOf(method, {})).toMatchObject({ code: -32602 });
  });
});

describe("of a task that has ended,", () => {
  test.each([
    { method: "CancelTask", code: -32002, data: info("TASK_NOT_CANCELABLE") },
    { method: "tasks/cancel", code: -32002, data: undefined },
    { method: "SubscribeToTask", code: -32004, data: info("UNSUPPORTED_OPERATION") },
    { method: "tasks/resubscribe", code: -32004, data: undefined },
  ])("$method is $code", async ({ method, code, data }) => {
    const { code: seen, data: details } = await errorOf(method, { id: await endedTask() });
    expect([seen, details]).toEqual([code, data]);
  });
});

test("a task at work is not cancelled by its id, and its stream goes on", async () => {
  const streaming = fetch(`${running.url}/a2a/acme/web`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      ...{ jsonrpc: "2.0", id: 1, method: "SendStreamingMessage" },
      params: { message: { ...message, parts: [{ text: "!wait track my parcel" }] } },
    }),
  });
  const reader = (await streaming).body?.getReader();
  const first = new TextDecoder().decode((await reader?.read())?.value);
  const [, id = ""] = /"id":"([^"]+)","contextId"/.exec(first) ?? [];
  const { code, message: told } = JSON.parse(await call("CancelTask", { id })).error;
  expect([code, told]).toEqual([-32002, "A task at work ends with its stream: close that to stop it."]);
  await reader?.cancel();
});

describe("whatever it is asked with,", () => {
  const unserved = [
    ...[
      "CreateTaskPushNotificationConfig",
      "GetTaskPushNotificationConfig",
      "ListTaskPushNotificationConfigs",
      "DeleteTaskPushNotificationConfig",
      "tasks/pushNotificationConfig/set",
      "tasks/pushNotificationConfig/get",
      "tasks/pushNotificationConfig/list",
      "tasks/pushNotificationConfig/delete",
    ].map((method) => ({ method, code: -32003 })),
    ...["ListTasks", "GetExtendedAgentCard", "agent/getAuthenticatedExtendedCard"].map((method) => ({
      method,
      code: -32004,
    })),
    ...["tasks/list", "sendMessage", "constructor", "__proto__", ""].map((method) => ({
      method,
      code: -32601,
    })),
  ];
  test.each(unserved)("$method is $code", async ({ method, code }) => {
    for (const params of [undefined, {}, { id: "x" }]) {
      expect(await errorOf(method, params)).toMatchObject({ code });
    }
  });
});

describe("a client that says it speaks", () => {
  test.each(["1.0", "1.0.1", "0.3", "0.3.0", ""])("“%s” is heard", async (version) => {
    expect(await call("SendMessage", { message }, { "a2a-version": version })).toContain('"result"');
  });

  test.each(["2.0", "1.1", "0.2", "1", "1.0, 2.0", "x"])("“%s” is told that nobody does", async (version) => {
    expect(await errorOf("SendMessage", { message }, { "a2a-version": version })).toMatchObject({
      code: -32009,
      data: info("VERSION_NOT_SUPPORTED"),
    });
  });
});
