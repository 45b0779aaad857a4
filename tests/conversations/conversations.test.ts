/**
 * Conversations kept as data, held with a real runtime: agents of the SDK on real sockets, a routing from a static
 * source, messages over HTTP as a client sends them. Prints what passed; those that don't pass are listed by name below.
 */
import { readFileSync } from "node:fs";
import { defineAgent, handover, type Reply, type ServedAgent, serve, type TurnContext } from "@lmos/agent";
import { loadStaticModel } from "@lmos/embeddings";
import { silentLogger, systemClock, systemIds, systemRandom } from "@lmos/primitives";
import { type Runtime, startRuntime } from "@lmos/runtime";
import { expect, test } from "vitest";
import { z } from "zod";
import { staticObjects } from "./static-objects.ts";

const scriptSchema = z.object({
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
});
type Script = z.infer<typeof scriptSchema>;

const scripts = ["conversations.json", "travel-conversations.json", "town-conversations.json"].map(
  (file) => ({
    file,
    ...readScript(file),
  }),
);

function readScript(file: string): Script {
  return scriptSchema.parse(JSON.parse(readFileSync(new URL(file, import.meta.url), "utf8")));
}

/** Agents do as the words of a message that begin with # say; else they answer with their name and the message. */
async function respond(name: string, { message, messages, ask }: TurnContext): Promise<Reply> {
  const [, word = "", first = "", second = ""] =
    /#(\w+)(?: (\S+))?(?: (?:#then )?(\S+))?/.exec(message) ?? [];
  const command = commands[word];
  if (word === "heard") return `[${name}] heard ${messages.at(-2)?.content ?? "nothing"}`;
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

/** A runtime with the agents of a script; disposing it stops all of them. */
async function startScene(script: Script): Promise<AsyncDisposable & { readonly runtime: Runtime }> {
  const { signal } = new AbortController();
  await using stack = new AsyncDisposableStack();
  const agents = await Promise.all(script.agents.map(serveScripted));
  for (const agent of agents) stack.defer(() => agent.stop());
  const routed = script.agents.map((agent, index) => ({
    ...agent,
    host: `127.0.0.1:${agents[index]?.port}`,
  }));
  const runtime = stack.use(
    await startRuntime({
      client: staticObjects(routed),
      embedding: await loadStaticModel({ signal }),
      clock: systemClock,
      random: systemRandom,
      ids: systemIds,
      logger: silentLogger,
      local: true,
      listen: { host: "127.0.0.1", port: 0 },
      signal,
    }),
  );
  await runtime.whenReady({ signal });
  const owned = stack.move();
  return { runtime, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

function serveScripted(script: Script["agents"][number]): Promise<ServedAgent> {
  const { name, capability, description, examples } = script;
  const agent = defineAgent({
    name,
    description,
    capabilities: [{ name: capability, version: "1.0.0", description, examples }],
    supportedChannels: ["web"],
    respond: (context) => respond(name, context),
  });
  return serve(agent, { port: 0, host: "127.0.0.1", logger: silentLogger });
}

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

async function say(
  { address: { host, port } }: Runtime,
  conversation: string,
  messages: readonly Message[],
): Promise<Answer> {
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
    choice === undefined ? expected.split(/[+<>]/) : [previous?.choices[Number(choice) - 1] ?? "?"];
  const [first, second] = expected.split(">");
  if (second !== undefined) return answer.content.includes(`[${second}] heard [${first}]`);
  const named = new Set([...answer.content.matchAll(/\[([\w-]+)\]/g)].map(([, name]) => name));
  if (answer.content.includes("nobody is here")) return names.length === 1;
  return named.size === names.length && names.every((name) => named.has(name));
}

async function hold(
  runtime: Runtime,
  { name, turns }: Script["conversations"][number],
): Promise<string | undefined> {
  const messages: Message[] = [];
  let previous: Answer | undefined;
  for (const { user, expect: expected } of turns) {
    messages.push({ role: "user", content: user });
    const answer = await say(runtime, encodeURIComponent(name), messages);
    const fault = complaint(expected, answer, previous);
    if (fault !== undefined) return `${name}: “${user}”: ${fault}`;
    messages.push({ role: "assistant", content: answer.content });
    previous = answer;
  }
  return undefined;
}

interface Result {
  readonly count: number;
  readonly faults: readonly string[];
}

async function holdAll(script: (typeof scripts)[number]): Promise<Result> {
  await using scene = await startScene(script);
  const faults: string[] = [];
  for (const conversation of script.conversations) {
    const fault = await hold(scene.runtime, conversation);
    if (fault !== undefined) faults.push(fault);
  }
  const count = script.conversations.length;
  const passed = count - faults.length;
  process.stdout.write(`${script.file}: ${passed} of ${count} conversations passed\n${faults.join("\n")}\n`);
  return { count, faults };
}

test("at least 90 % of the conversations go as written", async () => {
  const results: Result[] = [];
  for (const script of scripts) results.push(await holdAll(script));
  const count = results.reduce((sum, result) => sum + result.count, 0);
  const failed = results.flatMap(({ faults }) => faults).length;
  expect(count).toBeGreaterThanOrEqual(60);
  expect((count - failed) / count).toBeGreaterThanOrEqual(0.9);
}, 60_000);
