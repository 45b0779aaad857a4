/**
 * Two kinds of load. Closed: so many callers, each of which calls again as soon as it has its answer. Open: so many
 * calls a second whatever the answers do, with the time counted from when a call was due.
 */
import { setTimeout as sleep } from "node:timers/promises";

/** A connection of one caller. */
export interface Caller extends Disposable {
  call(index: number): Promise<void>;
}

/** What is called. */
export interface LoadTarget {
  connect(): Promise<Caller>;
}

/** What was measured. */
export interface LoadFigures {
  readonly calls: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Calls for `seconds`, after a fifth of that to warm up. */
export async function measureClosed(
  target: LoadTarget,
  { callers: count, seconds }: { readonly callers: number; readonly seconds: number },
): Promise<LoadFigures> {
  const callers = await Promise.all(Array.from({ length: count }, () => target.connect()));
  await callInTurn(callers, seconds / 5);
  const startedAt = performance.now();
  const durations = await callInTurn(callers, seconds);
  const elapsed = (performance.now() - startedAt) / 1000;
  for (const caller of callers) caller[Symbol.dispose]();
  return figuresOf(durations, elapsed);
}

/** Connections that an open load takes in turn. */
const openConnections = 64;

/** Makes `perSecond` calls a second for `seconds`. */
export async function measureOpen(
  target: LoadTarget,
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
): Promise<LoadFigures> {
  const free = await Promise.all(Array.from({ length: openConnections }, () => target.connect()));
  const all = [...free];
  const durations: number[] = [];
  const pending = new Set<Promise<void>>();
  const startedAt = performance.now();
  for (let index = 0; index < perSecond * seconds; ) {
    const dueAt = startedAt + (index * 1000) / perSecond;
    const caller = dueAt <= performance.now() ? free.pop() : undefined;
    if (caller === undefined) {
      await sleep(1);
      continue;
    }
    const call = caller.call(index).then(() => {
      durations.push(performance.now() - dueAt);
      free.push(caller);
      pending.delete(call);
    });
    pending.add(call);
    index += 1;
  }
  await Promise.all(pending);
  for (const caller of all) caller[Symbol.dispose]();
  return figuresOf(durations, seconds);
}

async function callInTurn(callers: readonly Caller[], seconds: number): Promise<readonly number[]> {
  const endsAt = performance.now() + seconds * 1000;
  const durations: number[] = [];
  const run = async (caller: Caller, first: number): Promise<void> => {
    for (let index = first; performance.now() < endsAt; index += callers.length) {
      const startedAt = performance.now();
      await caller.call(index);
      durations.push(performance.now() - startedAt);
    }
  };
  await Promise.all(callers.map(run));
  return durations;
}

function figuresOf(durations: readonly number[], seconds: number): LoadFigures {
  const sorted = durations.toSorted((a, b) => a - b);
  const percentile = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
  return {
    calls: sorted.length,
    perSecond: sorted.length / seconds,
    p50Ms: percentile(0.5),
    p99Ms: percentile(0.99),
  };
}
