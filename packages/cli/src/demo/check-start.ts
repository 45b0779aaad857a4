import type { CommandContext } from "../context.ts";
import type { Laptop } from "../laptop/start-laptop.ts";
import { waitFor, waitForChannels, waitForComponent } from "../laptop/wait.ts";
import { ask, type ChatAnswer } from "../runtime-client.ts";
import { acmeTurn } from "./acme.ts";
import type { Checks } from "./checks.ts";

const startTimeoutMs = 60_000;
const firstAnswerBoundMs = 10_000;

/** Everything comes up, and the first message is answered soon enough; resolves to the runtime's URL. */
export async function checkStart(laptop: Laptop, checks: Checks, context: CommandContext): Promise<string> {
  checks.section("start");
  const { client } = laptop.cluster;
  const wait = { clock: context.clock, signal: context.signal, timeoutMs: startTimeoutMs };
  const channels = await waitForChannels(client, wait);
  checks.record(`${channels.length} channels are resolved`, channels.length === 2);
  const runtimeUrl = await waitForComponent(client, "lmos-runtime", wait);
  const answer = await firstAnswer(runtimeUrl, context);
  const ms = context.clock.monotonic();
  checks.record(
    `the first message is answered by ${answer.agent} after ${formatSeconds(ms)}`,
    ms <= firstAnswerBoundMs,
  );
  return runtimeUrl;
}

/** Asks until the runtime knows the routing; it learns of it by a watch, a moment after the channel is resolved. */
export async function firstAnswer(runtimeUrl: string, context: CommandContext): Promise<ChatAnswer> {
  const { clock, ids, signal } = context;
  const turn = { ...acmeTurn({ runtimeUrl, channel: "web", message: "Where is my order?", id: ids.next() }) };
  const tryOnce = (call: { readonly signal: AbortSignal }): Promise<ChatAnswer | undefined> =>
    ask(turn, call).catch((error: unknown) => {
      call.signal.throwIfAborted();
      context.terminal.hint(`not yet: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    });
  return await waitFor("the first answer", tryOnce, { clock, signal, timeoutMs: startTimeoutMs });
}

/** Milliseconds as seconds with two decimals. */
export function formatSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
