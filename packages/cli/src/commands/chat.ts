/** `lmos chat TENANT/CHANNEL`: talk to a channel, or send it one message. */
import { createInterface } from "node:readline/promises";
import { Command } from "commander";
import { AnswerPrinter } from "../answer-printer.ts";
import { type ConnectionOptions, connect, withConnectionOptions } from "../connect.ts";
import type { CommandContext } from "../context.ts";
import { CliError } from "../errors.ts";
import { parseHttpUrl } from "../http-url.ts";
import { runtimeAddress, runtimeUrl } from "../runtime-address.ts";
import { askStreaming, type ChatMessage, type ChatTurn } from "../runtime-client.ts";
import { untilStopped } from "../until-stopped.ts";

interface ChatOptions extends ConnectionOptions {
  readonly text?: string;
  readonly runtime?: string;
  readonly user: string;
  readonly conversation?: string;
  readonly subset?: string;
}

/** The command `chat`. */
export function chatCommand(context: CommandContext): Command {
  const command = new Command("chat")
    .argument("<tenant/channel>", "such as acme/web")
    .option("-t, --text <text>", "send this one message and print the answer")
    .option("--runtime <url>", "URL of the runtime (else that of the laptop cluster)", parseHttpUrl)
    .option("--user <id>", "who talks", "anonymous")
    .option("--conversation <id>", "go on with this conversation (else a new one)")
    .option("--subset <subset>", "subset of the channel, such as canary")
    .addHelpText(
      "after",
      '\nExamples:\n  lmos chat acme/web\n  lmos chat acme/web --user ada -t "where is my parcel?"\n  lmos chat acme/web < messages.txt     # a message a line, in one conversation',
    );
  return withConnectionOptions(command).action((address: string, options: ChatOptions) =>
    chat(address, options, context),
  );
}

async function chat(address: string, options: ChatOptions, context: CommandContext): Promise<void> {
  const [tenant, channel, ...rest] = address.split("/");
  if (!tenant || !channel || rest.length > 0) {
    throw new CliError("Usage", `${JSON.stringify(address)} is not TENANT/CHANNEL, such as acme/web`);
  }
  const conversation: Omit<ChatTurn, "turnId" | "messages"> = {
    runtimeUrl: options.runtime ?? (await discoverRuntime(options, context)),
    tenant,
    channel,
    conversationId: options.conversation ?? context.ids.next(),
    userId: options.user,
    subset: options.subset,
  };
  const messages: ChatMessage[] = [];
  const talk = async (): Promise<void> => {
    for await (const content of userMessages(options.text, context)) {
      messages.push({ role: "user", content });
      const turn = { ...conversation, turnId: context.ids.next(), messages };
      messages.push({ role: "assistant", content: await printAnswer(turn, context) });
      if (messages.length === 2 && options.conversation === undefined) hintConversation(turn, context);
    }
  };
  await (options.text === undefined ? untilStopped(context.signal, talk) : talk());
}

/** What an own `--conversation`, `lmos logs` and the runtime's log know it by. */
function hintConversation({ conversationId }: ChatTurn, { terminal }: CommandContext): void {
  terminal.hint(terminal.paint("dim", `conversation ${conversationId}`));
}

async function discoverRuntime(options: ChatOptions, context: CommandContext): Promise<string> {
  await using target = connect(options, context);
  return await runtimeUrl(target.client, runtimeAddress.users, { signal: context.signal });
}

async function* userMessages(text: string | undefined, context: CommandContext): AsyncGenerator<string> {
  if (text?.trim() === "")
    throw new CliError("Usage", "--text is empty: say something, or leave it out to type");
  if (text !== undefined) yield text;
  else yield* typedLines(context);
}

/** Lines until an empty one, each asked for where somebody sits there to type it. */
async function* typedLines({ terminal, input, signal }: CommandContext): AsyncGenerator<string> {
  if (terminal.interactive) terminal.hint("Type a message and Enter; an empty line or Ctrl-C ends.");
  // Whoever pipes messages in has no use for a prompt.
  const output = terminal.interactive ? process.stderr : undefined;
  const lines = createInterface({ input, output, prompt: "> ", signal });
  let isOpen = true;
  lines.once("close", () => {
    isOpen = false;
  });
  const prompt = (): void => {
    if (output !== undefined && isOpen) lines.prompt();
  };
  prompt();
  for await (const line of lines) {
    if (line.trim() === "") return;
    yield line;
    prompt();
  }
}

async function printAnswer(turn: ChatTurn, { terminal, signal }: CommandContext): Promise<string> {
  using printer = new AnswerPrinter(terminal);
  for await (const event of askStreaming(turn, { signal })) printer.see(event);
  if (printer.answer !== undefined) return printer.answer;
  throw new CliError("Unreachable", `the runtime at ${turn.runtimeUrl} broke its answer off: try again`);
}
