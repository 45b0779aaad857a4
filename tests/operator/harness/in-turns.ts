/** Does something for 0 to `count - 1`, ten at a time. */
export async function inTurns(count: number, work: (at: number) => Promise<unknown>): Promise<void> {
  const waiting = Array.from({ length: count }, (_, at) => at).values();
  const worker = async (): Promise<void> => {
    for (const at of waiting) await work(at);
  };
  await Promise.all(Array.from({ length: 10 }, worker));
}
