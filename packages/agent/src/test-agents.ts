/** For this package's tests: the agents of tests/interop/kotlin-agent, in TypeScript. */
import { type Agent, defineAgent, type RespondingAgentDefinition } from "./define-agent.ts";
import { handover, type Reply } from "./reply.ts";
import { toolWords } from "./test-tools.ts";
import type { TurnContext } from "./turn-context.ts";

type Respond = RespondingAgentDefinition["respond"];

/** An agent of few words about itself. */
export function testAgent(name: string, respond: Respond): Agent {
  const capability = { name: "answer", version: "1.0.0", description: "Answers", examples: ["hello"] };
  return defineAgent({
    name,
    description: "Answers.",
    capabilities: [capability],
    supportedTenants: [],
    supportedChannels: ["web"],
    respond,
  });
}

const stopped: Reply = { content: "stopped early", status: "UNRESOLVED" };

/** What its first word asks of the agent. */
const behaviours: Readonly<Record<string, (context: TurnContext) => Reply | Promise<Reply>>> = {
  "!fail": () => Promise.reject(new Error("the model fails")),
  "!throw": () => Promise.reject(new Error("the model breaks")),
  "!wait": () => new Promise(() => undefined),
  "!empty": () => "",
  "!long": () => "x".repeat(60_000),
  "!break": () => stopped,
  "!human": () => handover({ content: "A person will call you." }),
  "!here": () => handover({ to: "breaking", content: "handed over" }),
  "!far": () => handover({ to: "far-agent", content: "handed over" }),
  "!knows": ({ system, user }) => `${system("k") ?? "none"} ${user("name") ?? "nobody"}`,
};

function answer(context: TurnContext): Reply | Promise<Reply> {
  const asked = context.messages.at(-1)?.content ?? "";
  const [word = ""] = asked.split(" ");
  const said = toolWords[word]?.(context);
  if (said !== undefined) return said.then((text) => `tool says: ${text}`);
  return behaviours[word]?.(context) ?? `kotlin says: ${asked} (${context.messages.length} messages)`;
}

/** The first is the default. */
export const testAgents: readonly [Agent, ...Agent[]] = [
  testAgent("kotlin-agent", answer),
  testAgent("failing", () => Promise.reject(new Error("no prompt"))),
  testAgent("breaking", () => stopped),
];
