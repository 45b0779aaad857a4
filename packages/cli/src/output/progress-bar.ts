/** A bar for work that takes its time: plain characters, one line, the same in a log as on a screen. */

const width = 20;

/** `[##########----------] 50 %  600 of 1200`; a part of nothing is all of it. */
export function progressBar(done: number, total: number): string {
  const share = total <= 0 ? 1 : Math.min(Math.max(done / total, 0), 1);
  const filled = Math.floor(share * width);
  const bar = "#".repeat(filled) + "-".repeat(width - filled);
  return `[${bar}] ${String(Math.floor(share * 100)).padStart(3)} %  ${done} of ${total}`;
}
