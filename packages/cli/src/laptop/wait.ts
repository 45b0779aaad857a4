/** Waits until a laptop cluster does what it was started for. */
import type { KubeClient } from "@lmos/kube";
import { type Clock, withDeadline } from "@lmos/primitives";
import { type Channel, channelKind, conditionOf } from "@lmos/resources";
import { CliError } from "../errors.ts";
import { readAll } from "../read-all.ts";
import { findComponentUrl } from "../runtime-address.ts";

/** What waiting needs. */
export interface WaitOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Milliseconds after which it is given up. */
  readonly timeoutMs: number;
}

const pollMs = 50;

/**
 * Asks again and again until there is an answer, and returns it. Gives up with a CliError `Timeout` that names what
 * was waited for.
 */
export async function waitFor<T>(
  what: string,
  find: (options: { readonly signal: AbortSignal }) => Promise<T | undefined>,
  { clock, signal, timeoutMs }: WaitOptions,
): Promise<T> {
  using deadline = withDeadline(what, timeoutMs, { signal, clock });
  try {
    for (;;) {
      const found = await find({ signal: deadline.signal });
      if (found !== undefined) return found;
      await clock.sleep(pollMs, { signal: deadline.signal });
    }
  } catch (error) {
    if (signal.aborted || !deadline.signal.aborted) throw error;
    throw new CliError("Timeout", `gave up after ${timeoutMs / 1000} s waiting for ${what}`, {
      cause: error,
    });
  }
}

/** Waits until every Channel is resolved, and returns them. */
export function waitForChannels(client: KubeClient, options: WaitOptions): Promise<readonly Channel[]> {
  return waitFor(
    "all channels to be resolved",
    async ({ signal }) => {
      const { items } = await readAll(client, channelKind, { signal });
      return items.every(isResolved) ? items : undefined;
    },
    options,
  );
}

/** True when the newest spec of a Channel is resolved. */
export function isResolved({ metadata, status }: Channel): boolean {
  const resolved = conditionOf(status?.conditions, "Resolved");
  return resolved?.status === "True" && resolved.observedGeneration === metadata.generation;
}

/** Waits until a component of the laptop cluster is ready, and returns its URL. */
export function waitForComponent(client: KubeClient, service: string, options: WaitOptions): Promise<string> {
  return waitFor(`${service} to be ready`, (call) => findComponentUrl(client, service, call), options);
}
