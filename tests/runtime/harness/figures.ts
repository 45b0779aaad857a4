/** What was measured, beside what is promised: printed, and kept for docs/runtime-faults.md. */
import { type Figure, report } from "../../faults/harness/figures.ts";

/** One figure of one row. A test may let pass what a busy machine misses: `reached` goes by what is asked alone. */
export type RuntimeFigure = Omit<Figure, "server">;

/** Prints a figure and keeps it. */
export function figure(seen: RuntimeFigure): void {
  report({ ...seen, server: "seen" });
}
