/**
 * Conversations kept as data, held with a real runtime: agents of the SDK on real sockets, a routing from a static
 * source, messages over HTTP as a client sends them. Prints what passed; those that don't pass are listed by name below.
 */
import { readFileSync } from "node:fs";
import { defineAgent, handover, type Reply, type ServedAgent, serve, type TurnContext } from "@lmos/agent";
import { loadStaticModel } from "@lmos/embeddings";
import { silentLogger, systemClock, systemIds, systemRandom } from "@lmos/primitives";
import { type Runtime, startRuntime } from "@lmos/runtime";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { staticObjects } from "./static-objects.ts";

const data = z
  .object({
    agents: z.array(
      z.object({
        name: z.string(),
        capability: z.string(),
        description: z.string(),
        examples: z.array(z.string()),
      }),
    ),
    conversations: z.array(
      z.object({
        name: z.string(),
        turns: z.array(z.object({ user: z.string(), expect: z.string() })),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL("conversations.json", import.meta.url), "utf8")));

const { signal } = new AbortController();
let agents: readonly ServedAgent[];
let runtime: Runtime;

/** Agents do as the words of a message that begin with # say; else they answer with their name and the message. */
async function respond(name: string, { message, ask }: TurnContext): Promise<Reply> {
  const [, word = "", first = "", second = ""] =
    /#(\w+)(?: (\S+))?(?: (?:#then )?(\S+))?/.exec(message) ?? [];
  const command = commands[word];
  if (word === "sky") return `[${name}] ${await ask("weather-forecast", "will it rain tomorrow")}`;
  if (word === "ask") return `[${name}] ${await ask(first, "will it rain").catch(() => "nobody knows")}`;
  return command?.({ name, first, second }) ?? `[${name}] ${message}`;
}

type Command = (words: {
  readonly name: string;
  readonly first: string;
  readonly second: string;
}) => Reply | undefined;

const commands: Readonly<Record<string, Command>> = {
  /** To the first one, and from there to the second one, where there is one. */
  handover: ({ name, first, second }) => {
    const next = name === first ? second : first;
    return next === "" || name === second ? undefined : handover({ to: next });
  },
  circle: ({ name, first, second }) => handover({ to: name === first ? second : first }),
  human: ({ name }) => handover({ content: `[${name}] A colleague goes on.` }),
};

beforeAll(async () => {
  agents = await Promise.all(
    data.agents.map(({ name, capability, description, examples }) =>
      serve(
        defineAgent({
          name,
          description,
          capabilities: [{ name: capability, version: "1.0.0", description, examples }],
          supportedChannels: ["web"],
          respond: (context) => respond(name, context),
        }),
        { port: 0, host: "127.0.0.1", logger: silentLogger },
      ),
    ),
  );
  const routed = data.agents.map((agent, index) => ({ ...agent, host: `127.0.0.1:${agents[index]?.port}` }));
  runtime = await startRuntime({
    client: staticObjects(routed),
    embedding: await loadStaticModel({ signal }),
    clock: systemClock,
    random: systemRandom,
    ids: systemIds,
    logger: silentLogger,
    local: true,
    listen: { host: "127.0.0.1", port: 0 },
    signal,
  });
  await runtime.whenReady({ signal });
});

afterAll(async () => {
  await runtime[Symbol.asyncDispose]();
  for (const agent of agents) await agent.stop();
});

interface Message {
  readonly role: "user" | "assistant";
  readonly content: string;
}

interface Answer {
  readonly status: number;
  readonly content: string;
  readonly decision: string | null;
  readonly choices: readonly string[];
}

async function say(conversation: string, messages: readonly Message[]): Promise<Answer> {
  const { host, port } = runtime.address;
  const response = await fetch(`http://${host}:${port}/apis/v1/acme/chat/${conversation}/message`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-turn-id": `t${messages.length}`,
      "x-lmos-explain": "true",
    },
    body: JSON.stringify({
      inputContext: { messages },
      systemContext: { channelId: "web" },
      userContext: { userId: "u1" },
    }),
  });
  const body = z.object({ content: z.string().optional() }).parse(await response.json());
  return {
    status: response.status,
    content: body.content ?? "",
    decision: response.headers.get("x-lmos-decision"),
    choices: (response.headers.get("x-lmos-choices") ?? "").split(","),
  };
}

/** Why an answer isn't the expected one; undefined when it is. */
function complaint(expected: string, answer: Answer, previous: Answer | undefined): string | undefined {
  const got = `${answer.status} ${answer.decision} ${answer.content.slice(0, 120)}`;
  return holds(expected, answer, previous) ? undefined : `expected ${expected}, got ${got}`;
}

function holds(expected: string, answer: Answer, previous: Answer | undefined): boolean {
  if (expected === "failed") return answer.status >= 500;
  if (answer.status !== 200) return false;
  if (expected === "ask" || expected === "none") return answer.decision === expected;
  if (expected === "not ask") return answer.decision !== "ask";
  const choice = /^choice (\d)$/.exec(expected)?.[1];
  const names =
    choice === undefined ? expected.split(/[+<]/) : [previous?.choices[Number(choice) - 1] ?? "?"];
  const named = new Set([...answer.content.matchAll(/\[([\w-]+)\]/g)].map(([, name]) => name));
  if (answer.content.includes("nobody is here")) return names.length === 1;
  return named.size === names.length && names.every((name) => named.has(name));
}

async function hold({ name, turns }: (typeof data.conversations)[number]): Promise<string | undefined> {
  const messages: Message[] = [];
  let previous: Answer | undefined;
  for (const { user, expect: expected } of turns) {
    messages.push({ role: "user", content: user });
    const answer = await say(encodeURIComponent(name), messages);
    const fault = complaint(expected, answer, previous);
    if (fault !== undefined) return `${name}: “${user}”: ${fault}`;
    messages.push({ role: "assistant", content: answer.content });
    previous = answer;
  }
  return undefined;
}

test("at least 90 % of the conversations go as written", async () => {
  const faults: string[] = [];
  for (const conversation of data.conversations) {
    const fault = await hold(conversation);
    if (fault !== undefined) faults.push(fault);
  }
  const passed = data.conversations.length - faults.length;
  process.stdout.write(
    `${passed} of ${data.conversations.length} conversations passed\n${faults.join("\n")}\n`,
  );
  expect(data.conversations.length).toBeGreaterThanOrEqual(60);
  expect(passed / data.conversations.length).toBeGreaterThanOrEqual(0.9);
}, 60_000);
