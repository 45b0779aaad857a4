// `respond` of an agent that is a prompt: rounds of model and tools until the model is done. A tool that fails or
// gets a wrong input doesn't end the turn: the model is told, and may try again.
import { errorMessage } from "@lmos/primitives";
import type { Message } from "@lmos/protocol";
import type { ChatMessage, ChatModel, ChatRequest, ModelToolCall } from "./chat-model.ts";
import { AgentError } from "./errors.ts";
import type { Tool } from "./tool.ts";
import type { TurnContext } from "./turn-context.ts";

/** The parts of an agent that a model plays. */
export interface ModelAnswering {
  readonly model: ChatModel;
  /** Instructions to the model, the same for each turn or made for this one. */
  readonly prompt: string | ((context: TurnContext) => string | Promise<string>);
  readonly tools: readonly Tool[];
}

const maxRounds = 30;

/** Answers a turn with the model; yields its text piece by piece. */
export async function* answerWithModel(
  answering: ModelAnswering,
  context: TurnContext,
): AsyncGenerator<string, undefined> {
  const { prompt, tools } = answering;
  const instructions = typeof prompt === "string" ? prompt : await prompt(context);
  let messages = context.messages.map(toChatMessage);
  let saidSomething = false;
  for (let round = 0; round < maxRounds; round++) {
    const request: ChatRequest = { instructions, messages, tools };
    const { text, toolCalls }: Round = yield* runRound(answering.model, request, { context, saidSomething });
    if (toolCalls.length === 0) return undefined;
    saidSomething ||= text !== "";
    const results = await Promise.all(toolCalls.map((call) => runTool(call, tools, context)));
    messages = [...messages, { role: "assistant", content: text, toolCalls }, ...results];
  }
  throw new AgentError(
    "TooManyToolRounds",
    `model asked for tools in ${maxRounds} rounds and never answered`,
  );
}

interface Round {
  readonly text: string;
  readonly toolCalls: readonly ModelToolCall[];
}

/** One round; what an earlier round said is set apart by an empty line. */
async function* runRound(
  model: ChatModel,
  request: ChatRequest,
  { context, saidSomething }: { readonly context: TurnContext; readonly saidSomething: boolean },
): AsyncGenerator<string, Round> {
  let text = "";
  const toolCalls: ModelToolCall[] = [];
  for await (const event of model.chat(request, { signal: context.signal })) {
    if (event.kind === "tool-call") {
      toolCalls.push(event.call);
    } else {
      if (text === "" && saidSomething) yield "\n\n";
      text += event.text;
      yield event.text;
    }
  }
  context.logger.debug("Model round done", { model: model.id, toolCalls: toolCalls.length });
  return { text, toolCalls };
}

async function runTool(
  call: ModelToolCall,
  tools: readonly Tool[],
  context: TurnContext,
): Promise<ChatMessage> {
  const tool = tools.find(({ name }) => name === call.name);
  if (tool === undefined) return { role: "tool", call, content: `There is no tool "${call.name}".` };
  try {
    return { role: "tool", call, content: toText(await context.call(tool, call.input)) };
  } catch (error) {
    context.signal.throwIfAborted();
    context.logger.warn("Tool failed", { tool: call.name, error });
    return { role: "tool", call, content: `The tool failed: ${errorMessage(error)}` };
  }
}

function toText(output: unknown): string {
  return typeof output === "string" ? output : (JSON.stringify(output) ?? "done");
}

function toChatMessage({ role, content }: Message): ChatMessage {
  return role === "user" ? { role, content } : { role, content, toolCalls: [] };
}
