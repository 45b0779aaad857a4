/** The example of docs/memory.md: one agent writes, another one reads, in another conversation and for that user alone. */
import { type AgentMemory, defineAgent, type ServedAgent, serve } from "@lmos/agent";
import { silentLogger } from "@lmos/primitives";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { routingOf } from "../../packages/runtime/src/testing/routings.ts";
import {
  messageBody,
  postMessage,
  type RunningRuntime,
  startTestRuntime,
} from "../../packages/runtime/src/testing/running-runtime.ts";

const place = { term: "long", scope: "tenant" } as const;
const served: ServedAgent[] = [];
let running: RunningRuntime;

interface Asked {
  readonly message: string;
  readonly memory: AgentMemory;
}

async function serveAgent(name: string, respond: (asked: Asked) => Promise<string>): Promise<number> {
  const capability = { name, version: "1.0.0", description: name, examples: [] };
  const profile = { name, description: name, capabilities: [capability], supportedChannels: ["web"] };
  const options = { host: "127.0.0.1", port: 0, logger: silentLogger };
  const agent = await serve(defineAgent({ ...profile, respond }), options);
  served.push(agent);
  return agent.port;
}

beforeAll(async () => {
  const moving = await serveAgent("moving", async ({ message, memory }) => {
    await memory.set("city", message.replace(/^I live in /, ""), place);
    return "I will remember that.";
  });
  const weather = await serveAgent("weather", async ({ memory }) => {
    const city = await memory.get("city", place);
    return city === undefined
      ? "Where do you live?"
      : `It rains in ${city.value}, as ${city.writtenBy.agent} told me.`;
  });
  running = await startTestRuntime({
    objects: [
      routingOf([
        { name: "moving", host: `127.0.0.1:${moving}` },
        { name: "weather", host: `127.0.0.1:${weather}` },
      ]),
    ],
  });
});

afterAll(async () => {
  await running[Symbol.asyncDispose]();
  for (const agent of served) await agent[Symbol.asyncDispose]();
});

async function say(text: string, agent: string, userId: string, conversation: string): Promise<string> {
  const body = messageBody(text, agent).replace('"u1"', JSON.stringify(userId));
  const response = await postMessage(running, body, { conversation });
  return z.object({ content: z.string() }).parse(await response.json()).content;
}

test("what one agent learns, another one knows, until the user is erased", async () => {
  expect(await say("How is the weather?", "weather", "alice", "c1")).toBe("Where do you live?");
  expect(await say("I live in Bonn", "moving", "alice", "c1")).toBe("I will remember that.");
  expect(await say("How is the weather?", "weather", "alice", "c2")).toBe(
    "It rains in Bonn, as moving told me.",
  );
  expect(await say("How is the weather?", "weather", "bob", "c4")).toBe("Where do you live?");
  const erased = await fetch(`${running.managementUrl}/users/acme/alice`, { method: "DELETE" });
  expect(await erased.json()).toEqual({ erased: { conversations: 2, memories: 1 } });
  expect(await say("How is the weather?", "weather", "alice", "c3")).toBe("Where do you live?");
});
