/**
 * The guard, a program of its own: reads on its standard input which process groups its parent has (`+PID`, `-PID`),
 * and when that input ends, however the parent ended, stops those that are left. It imports nothing of this project so
 * that it runs from source and from the built package alike.
 */
import { createInterface } from "node:readline";

const groups = new Set<number>();

for await (const line of createInterface({ input: process.stdin })) {
  const pid = Number(line.slice(1));
  if (line.startsWith("+")) groups.add(pid);
  else groups.delete(pid);
}

signalAll("SIGTERM");
for (let waited = 0; waited < 3000 && groups.size > 0; waited += 50) {
  block(50);
  for (const pid of groups) if (!isAlive(pid)) groups.delete(pid);
}
signalAll("SIGKILL");

function signalAll(name: "SIGTERM" | "SIGKILL"): void {
  for (const pid of groups) send(pid, name);
}

function isAlive(pid: number): boolean {
  return send(pid, 0);
}

function send(pid: number, signal: "SIGTERM" | "SIGKILL" | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false; // the group has ended
  }
}

/** Nothing else runs in this program, so it may simply stand still. */
function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
