/** What was measured, printed beside what is promised. */
export function figure({
  name,
  what,
  asked,
  tookMs,
}: {
  readonly name: string;
  readonly what: string;
  readonly asked: string;
  readonly tookMs: number;
}): void {
  process.stdout.write(`${name}: ${what}: ${(tookMs / 1_000).toFixed(2)} s (asked ${asked})\n`);
}
