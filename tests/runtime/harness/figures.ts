/** What was measured, printed beside what is promised. */

/** Prints one figure of one row. */
export function figure(row: string, asked: string, seen: string): void {
  process.stdout.write(`${row}: asked ${asked}; seen ${seen}\n`);
}
