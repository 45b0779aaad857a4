/** For this package's tests: the tools of tests/interop/kotlin-agent, in TypeScript, and the words by which they are called. */
import { z } from "zod";
import { defineTool, type Tool } from "./tool.ts";
import type { TurnContext } from "./turn-context.ts";

const add = defineTool({
  name: "add",
  description: "Adds.",
  parameters: z.object({ a: z.int(), b: z.int() }),
  execute: ({ a, b }) => `${a} + ${b}`,
});

/** A tool without parameters. */
function toolOf(name: string, execute: () => string): Tool {
  return defineTool({ name, description: "Does as told.", parameters: z.object({}), execute });
}

const failing = toolOf("failing", () => {
  throw new Error("the tool breaks");
});
const noting = toolOf("noting", () => "noted");
const saying = toolOf("saying", () => "said");
const empty = toolOf("empty", () => "");

async function note(context: TurnContext): Promise<unknown> {
  const said = await context.call(noting, {});
  context.setContext("from", "tool");
  return said;
}

async function loop({ call }: TurnContext): Promise<unknown> {
  for (let round = 0; round < 40; round++) await call(add, { a: 1, b: 2 });
  return "looped";
}

/** As ARC's model does, what is not there cannot be called. */
function callNobody(): Promise<never> {
  return Promise.reject(new Error("there is no such tool"));
}

/** A tool of Kotlin may stop its agent, which fails it; here no tool can. */
function breakOff(): Promise<never> {
  return Promise.reject(new Error("stopped by a tool"));
}

/** What each word makes of the tools. */
export const toolWords: Readonly<Record<string, (context: TurnContext) => Promise<unknown>>> = {
  "!tools": async () => "add,breaking,empty,failing,noting,remember,saying",
  "!tool": ({ call }) => call(add, { a: 1, b: 2 }),
  "!tool2": ({ call }) => call(add, { a: 1, b: 2 }).then(() => call(add, { a: 3, b: 4 })),
  "!toolmissing": ({ call }) => call<unknown, unknown>(add as Tool, { a: 1 }),
  "!toolwrong": ({ call }) => call<unknown, unknown>(add as Tool, { a: "x", b: [1] }),
  "!toolfail": ({ call }) => call(failing, {}),
  "!toolbreak": breakOff,
  "!toolsay": ({ call }) => call(saying, {}),
  "!toolcontext": note,
  "!toolunknown": callNobody,
  "!toolinjected": callNobody,
  "!toolempty": ({ call }) => call(empty, {}),
  "!toolloop": loop,
};
