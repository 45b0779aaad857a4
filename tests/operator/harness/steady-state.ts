/** What objects come to once nothing changes any more, without what is different each time. */
import { setTimeout as sleep } from "node:timers/promises";
import { isRecord, jsonEqual } from "@lmos/primitives";

/** How long a busy machine may take for what otherwise takes a tenth of a second. */
const patienceMs = 60_000;

/** The state once it has been the same for two seconds. */
export async function whenStill(read: () => Promise<unknown>): Promise<unknown> {
  let before = await read();
  for (let still = 0; still < 20; ) {
    await sleep(100);
    const now = await read();
    still = jsonEqual(before, now) ? still + 1 : 0;
    before = now;
  }
  return before;
}

/** The wanted state, or what the state is when that has not come within a minute. */
export async function untilEqual(read: () => Promise<unknown>, wanted: unknown): Promise<unknown> {
  const startedAt = performance.now();
  for (;;) {
    const now = await read();
    if (jsonEqual(now, wanted) || performance.now() - startedAt > patienceMs) return now;
    await sleep(50);
  }
}

const volatile = new Set([
  ...["uid", "resourceVersion", "creationTimestamp", "generation", "observedGeneration"],
  ...["lastTransitionTime", "revisions", "activeRevision", "revision"],
]);

/** All that counts: without versions, times, generations and the wirings of the past. */
export function masked(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value ?? null, (key, member: unknown) => {
      if (volatile.has(key)) return undefined;
      return key === "conditions" && Array.isArray(member) ? member.filter(isLasting) : member;
    }),
  );
}

/** Conditions that are there only once something was wrong stay, and say that it is right again. */
function isLasting(condition: unknown): boolean {
  return !isRecord(condition) || condition["type"] !== "NamesValid" || condition["status"] !== "True";
}
