/** Stops what an earlier cluster on the same directory left running. */
import type { Clock } from "@lmos/primitives";
import { LocalError } from "../errors.ts";
import { signalGroup } from "../process-node/signal-group.ts";
import { isStillRunning, readRunFile } from "./run-file.ts";

const graceMs = 3000;
const pollMs = 50;

/**
 * Ends the process groups that an earlier run recorded and that still are the recorded ones. Throws `AlreadyRunning`
 * when the cluster that recorded them is alive.
 */
export async function stopLeftovers(
  directory: string,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  const earlier = readRunFile(directory);
  if (earlier === undefined) return;
  if (isStillRunning(earlier.owner)) {
    const { pid } = earlier.owner;
    throw new LocalError("AlreadyRunning", `process ${pid} already runs a cluster in ${directory}`, {
      details: { pid, directory },
    });
  }
  const left = earlier.groups.filter(isStillRunning);
  for (const { pid } of left) signalGroup(pid, "SIGTERM");
  const deadline = clock.monotonic() + graceMs;
  while (left.some(isStillRunning) && clock.monotonic() < deadline) await clock.sleep(pollMs, { signal });
  for (const { pid } of left.filter(isStillRunning)) signalGroup(pid, "SIGKILL");
}
