/** Calls a runtime as any client would: the REST door for one answer, server-sent events for a stream. */
import { isRecord, readEvents } from "@lmos/primitives";
import { request } from "undici";
import { z } from "zod";
import { CliError } from "./errors.ts";

/** One message of a conversation. */
export interface ChatMessage {
  readonly role: "user" | "assistant";
  readonly content: string;
}

/** A turn: the whole conversation so far, the user's newest message last. */
export interface ChatTurn {
  readonly runtimeUrl: string;
  readonly tenant: string;
  readonly channel: string;
  readonly conversationId: string;
  readonly turnId: string;
  readonly userId: string;
  readonly subset?: string | undefined;
  readonly messages: readonly ChatMessage[];
}

/** An answer with what the runtime says of how it came about. */
export interface ChatAnswer {
  readonly content: string;
  readonly agent: string | undefined;
  readonly decision: string | undefined;
  /** Agents named by a clarifying question. */
  readonly choices: readonly string[];
  /** The likeliest agents whatever was decided, best first. */
  readonly alternatives: readonly string[];
  readonly confidence: string | undefined;
}

/** An event of a streamed answer. */
export interface ChatEvent {
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const answerSchema = z.object({ content: z.string() });
const timeoutMs = 130_000;

/** One answer as a whole. Throws a CliError that carries the runtime's message when it refuses. */
export async function ask(turn: ChatTurn, { signal }: { readonly signal: AbortSignal }): Promise<ChatAnswer> {
  const response = await send(turn, "application/json", signal);
  const header = (name: string): string | undefined => {
    const value = response.headers[name];
    return typeof value === "string" ? value : undefined;
  };
  return {
    content: answerSchema.parse(await response.body.json()).content,
    agent: header("x-lmos-agent"),
    decision: header("x-lmos-decision"),
    confidence: header("x-lmos-confidence"),
    choices: namesIn(header("x-lmos-choices")),
    alternatives: namesIn(header("x-lmos-alternatives")),
  };
}

function namesIn(list: string | undefined): readonly string[] {
  return (list ?? "").split(",").filter((name) => name !== "");
}

/**
 * One answer as events. Throws a CliError: `Unreachable` where the connection breaks, `Findings` where the runtime refuses
 * or where what answers is none.
 */
export async function* askStreaming(
  turn: ChatTurn,
  { signal }: { readonly signal: AbortSignal },
): AsyncGenerator<ChatEvent> {
  const response = await send(turn, "text/event-stream", signal);
  for await (const { event, data } of unbroken(readEvents(response.body), turn, signal))
    yield { event, data: parseData(data, turn) };
}

/** Says of a stream that fails whose it was. */
async function* unbroken<T>(
  events: AsyncIterable<T>,
  { runtimeUrl }: ChatTurn,
  signal: AbortSignal,
): AsyncGenerator<T> {
  try {
    yield* events;
  } catch (cause) {
    signal.throwIfAborted();
    throw new CliError("Unreachable", `the runtime at ${runtimeUrl} broke its answer off: try again`, {
      cause,
    });
  }
}

function parseData(data: string, { runtimeUrl }: ChatTurn): ChatEvent["data"] {
  try {
    const parsed: unknown = JSON.parse(data);
    return isRecord(parsed) ? parsed : {};
  } catch (cause) {
    const message = `what answers at ${runtimeUrl} is no runtime: correct --runtime`;
    throw new CliError("Findings", message, { cause });
  }
}

type Response = Awaited<ReturnType<typeof request>>;

async function send(turn: ChatTurn, accept: string, signal: AbortSignal): Promise<Response> {
  const path = `apis/v1/${encodeURIComponent(turn.tenant)}/chat/${encodeURIComponent(turn.conversationId)}/message`;
  const response = await request(new URL(path, `${turn.runtimeUrl}/`), {
    method: "POST",
    headers: {
      accept,
      "content-type": "application/json",
      "x-turn-id": turn.turnId,
      "x-lmos-explain": "true",
      ...(turn.subset === undefined ? {} : { "x-subset": turn.subset }),
    },
    body: JSON.stringify({
      inputContext: { messages: turn.messages },
      systemContext: { channelId: turn.channel },
      userContext: { userId: turn.userId },
    }),
    signal,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  }).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new CliError("Unreachable", `the runtime at ${turn.runtimeUrl} cannot be reached`, { cause });
  });
  if (response.statusCode === 200) return response;
  throw await refusal(response, turn);
}

async function refusal(response: Response, { tenant, channel, subset }: ChatTurn): Promise<CliError> {
  const text = await response.body.text();
  const message = `the runtime answered ${response.statusCode}: ${refusalText(text)}`;
  if (response.statusCode !== 404) return new CliError("Findings", message);
  const name = [tenant, channel, subset].filter((part) => part !== undefined).join("/");
  return new CliError(
    "Findings",
    `${message}; see \`lmos get channels -A\` for one that is wired as ${name}`,
  );
}

function refusalText(text: string): string {
  try {
    const body: unknown = JSON.parse(text);
    return isRecord(body) ? `${String(body["errorCode"])}: ${String(body["message"])}` : text;
  } catch {
    return text.slice(0, 500); // not JSON: show it as it came
  }
}
