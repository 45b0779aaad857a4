/** A runtime that knows many channels: what it takes when nobody uses them, and after a turn on each of them. */
import { setTimeout as sleep } from "node:timers/promises";
import { bodyOf } from "./callers.ts";
import { channelName } from "./catalogue.ts";
import { connectCaller } from "./http-caller.ts";
import { startRuntimeProcess } from "./runtimes.ts";

/** What was measured. */
export interface RoutingFigures {
  readonly channels: number;
  readonly readyMs: number;
  /** Bytes of resident memory at rest. */
  readonly idleBytes: number;
  /** The same after a turn on each channel, one after the other. */
  readonly usedBytes: number;
  /** Milliseconds of such a first turn. */
  readonly firstTurnP50Ms: number;
}

const restMs = 5000;

/** Starts a runtime with that many channels, each with agents of its own, and uses each of them once. */
export async function measureRoutings(
  agentPort: number,
  { channels, message }: { readonly channels: number; readonly message: string },
): Promise<RoutingFigures> {
  const startedAt = performance.now();
  using runtime = await startRuntimeProcess({ agentPort, channels });
  const readyMs = performance.now() - startedAt;
  await sleep(restMs);
  const idleBytes = runtime.residentBytes();
  using caller = await connectCaller(runtime.port);
  const durations: number[] = [];
  for (let i = 0; i < channels; i++) {
    const sentAt = performance.now();
    await caller.call(`/apis/v1/acme/chat/r${i}/message`, bodyOf(message, undefined, channelName(i)));
    durations.push(performance.now() - sentAt);
  }
  await sleep(restMs);
  const firstTurnP50Ms = durations.toSorted((a, b) => a - b)[Math.floor(channels / 2)] ?? Number.NaN;
  return { channels, readyMs, idleBytes, usedBytes: runtime.residentBytes(), firstTurnP50Ms };
}
