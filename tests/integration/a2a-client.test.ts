/** The official A2A client, protocol 1.0, talks to a channel as to one agent. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type ListTasksRequest,
  type Message,
  Role,
  type SendMessageRequest,
  type StreamResponse,
  TaskState,
} from "@a2a-js/sdk";
import { type Client, ClientFactory } from "@a2a-js/sdk/client";
import { loadStaticModel } from "@lmos/embeddings";
import { silentLogger, systemClock, systemIds, systemRandom } from "@lmos/primitives";
import { type Runtime, startRuntime } from "@lmos/runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ScriptedAgent, startScriptedAgent } from "../runtime/harness/scripted-agent.ts";

let folder: string;
let agent: ScriptedAgent;
let runtime: Runtime;
let client: Client;

beforeAll(async () => {
  const { signal } = new AbortController();
  agent = await startScriptedAgent();
  folder = mkdtempSync(join(tmpdir(), "lmos-a2a-"));
  const path = join(folder, "routings.json");
  writeFileSync(path, JSON.stringify({ channelRoutings: [routingTo(`127.0.0.1:${agent.port}`)] }));
  runtime = await startRuntime({
    routings: { kind: "file", path },
    embedding: await loadStaticModel({ signal }),
    ...{ clock: systemClock, random: systemRandom, ids: systemIds, logger: silentLogger },
    local: false,
    listen: { host: "127.0.0.1", port: 0 },
    signal,
  });
  await runtime.whenReady({ signal });
  const card = `http://127.0.0.1:${runtime.address.port}/a2a/acme/web/.well-known/agent-card.json`;
  client = await new ClientFactory().createFromUrl(card, "");
});

afterAll(async () => {
  await runtime[Symbol.asyncDispose]();
  await agent[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

function routingTo(host: string) {
  const examples = ["where is my order", "track my parcel", "when will my package arrive"];
  const capability = {
    name: "track-order",
    description: "Tracks orders",
    providedVersion: "1.0.0",
    examples,
  };
  return {
    metadata: { name: "acme-web", labels: { tenant: "acme", channel: "web" } },
    spec: {
      capabilityGroups: [{ name: "orders", description: "Orders", capabilities: [{ ...capability, host }] }],
    },
  };
}

function asking(text: string): SendMessageRequest {
  const message: Message = {
    messageId: systemIds.next(),
    contextId: "a2a-conversation",
    taskId: "",
    role: Role.ROLE_USER,
    parts: [{ content: { $case: "text", value: text }, metadata: undefined, filename: "", mediaType: "" }],
    metadata: undefined,
    extensions: [],
    referenceTaskIds: [],
  };
  return { tenant: "", message, configuration: undefined, metadata: undefined };
}

async function collect(stream: AsyncIterable<StreamResponse>): Promise<readonly StreamResponse["payload"][]> {
  const all: StreamResponse["payload"][] = [];
  for await (const { payload } of stream) all.push(payload);
  return all;
}

test("reads the card", async () => {
  const card = await client.getAgentCard();
  expect(card).toMatchObject({
    name: "acme/web",
    capabilities: { streaming: true, pushNotifications: false },
    skills: [{ id: "orders.track-order", name: "track-order", tags: ["orders"] }],
  });
  expect(card.supportedInterfaces[0]).toMatchObject({ protocolBinding: "JSONRPC", protocolVersion: "1.0" });
});

test("sends a message and gets one", async () => {
  const answer = await client.sendMessage(asking("where is my order"));
  expect(answer).toMatchObject({
    role: Role.ROLE_AGENT,
    contextId: "a2a-conversation",
    parts: [{ content: { $case: "text", value: expect.stringContaining("answer to") } }],
  });
});

test("streams a task and asks for it afterwards", async () => {
  const events = await collect(client.sendMessageStream(asking("track my parcel")));
  expect(events.map((event) => event?.$case)).toEqual(["task", "artifactUpdate", "statusUpdate"]);
  const [first] = events;
  const id = first?.$case === "task" ? first.value.id : "";
  const task = await client.getTask({ tenant: "", id });
  expect(task).toMatchObject({
    id,
    status: { state: TaskState.TASK_STATE_COMPLETED },
    artifacts: [{ parts: [{ content: { $case: "text", value: expect.stringContaining("answer to") } }] }],
  });
});

describe("is told by the error that A2A has for it that there is", () => {
  const id = "nothing";
  const refused: readonly {
    readonly name: string;
    readonly ask: () => Promise<unknown>;
    readonly error: string;
  }[] = [
    {
      name: "no task to cancel",
      ask: () => client.cancelTask({ tenant: "", id, metadata: undefined }),
      error: "TaskNotFoundError",
    },
    {
      name: "no list of tasks",
      ask: () => client.listTasks({ tenant: "" } as ListTasksRequest),
      error: "UnsupportedOperationError",
    },
    {
      name: "no stream of a task that is none",
      ask: () => collect(client.resubscribeTask({ tenant: "", id })),
      error: "TaskNotFoundError",
    },
  ];
  test.each(refused)("$name", async ({ ask, error }) => {
    await expect(ask()).rejects.toMatchObject({ name: error });
  });
});

test("is told of a task that there is not, and of an agent that fails", async () => {
  await expect(client.getTask({ tenant: "", id: "nothing" })).rejects.toThrow(/not found/i);
  await expect(client.sendMessage(asking("!drop where is my order"))).rejects.toThrow(/broke off/);
});
