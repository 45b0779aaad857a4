/** A real runtime with the agents of a set: agents of the SDK on real sockets, a routing from a static source. */
import { defineAgent, handover, type Reply, type ServedAgent, serve, type TurnContext } from "@lmos/agent";
import { loadStaticModel } from "@lmos/embeddings";
import { silentLogger, systemClock, systemIds, systemRandom } from "@lmos/primitives";
import { type Runtime, startRuntime } from "@lmos/runtime";
import type { Script } from "./script.ts";
import { staticObjects } from "./static-objects.ts";

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
export async function startScene(script: Script): Promise<AsyncDisposable & { readonly runtime: Runtime }> {
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
