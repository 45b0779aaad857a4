/** Closed-loop load: so many callers, each of which calls again as soon as it has its answer. */

/** What was measured. */
export interface LoadFigures {
  readonly calls: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Calls for `seconds`, after a tenth of that to warm up. */
export async function measureLoad(
  call: (index: number) => Promise<void>,
  options: { readonly callers: number; readonly seconds: number },
): Promise<LoadFigures> {
  await runCallers(call, { ...options, seconds: options.seconds / 10 });
  const startedAt = performance.now();
  const durations = await runCallers(call, options);
  const seconds = (performance.now() - startedAt) / 1000;
  const sorted = durations.toSorted((a, b) => a - b);
  const percentile = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
  return {
    calls: sorted.length,
    perSecond: sorted.length / seconds,
    p50Ms: percentile(0.5),
    p99Ms: percentile(0.99),
  };
}

async function runCallers(
  call: (index: number) => Promise<void>,
  { callers, seconds }: { readonly callers: number; readonly seconds: number },
): Promise<readonly number[]> {
  const endsAt = performance.now() + seconds * 1000;
  const durations: number[] = [];
  const caller = async (first: number): Promise<void> => {
    for (let index = first; performance.now() < endsAt; index += callers) {
      const startedAt = performance.now();
      await call(index);
      durations.push(performance.now() - startedAt);
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, first) => caller(first)));
  return durations;
}
