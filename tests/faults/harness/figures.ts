/**
 * What was measured: printed, and kept as one JSON text a line in the file that LMOS_FAULT_FIGURES names, from which
 * docs/faults.md is written.
 */
import { appendFileSync } from "node:fs";
import { z } from "zod";

export const figureSchema = z.object({
  /** `O1` … */
  row: z.string(),
  /** What it was run against; `seen` where that is nothing but processes of ours. */
  server: z.enum(["real", "embedded", "seen"]),
  /** What was done, in a few words: figures of a row on both servers are matched by it, so it holds no counts. */
  fault: z.string(),
  /** What `design/reliability.md` asks for. */
  asked: z.string(),
  seen: z.string(),
  /** Whether what was seen is what was asked. */
  reached: z.boolean(),
});

/** One figure of one row on one server. */
export type Figure = Readonly<z.infer<typeof figureSchema>>;

/** Prints a figure and keeps it. */
export function report(figure: Figure): void {
  const { row, server, fault, seen } = figure;
  process.stdout.write(`${row} ${server}: ${fault}: ${seen}\n`);
  const path = process.env["LMOS_FAULT_FIGURES"];
  if (path !== undefined) appendFileSync(path, `${JSON.stringify(figure)}\n`);
}

/**
 * The longest that a suite lets pass: what is promised, and more where the machine is busy, which shows in how long the
 * same thing took without a fault. The report goes by what is promised alone.
 */
export function allowedMs(promisedMs: number, usualMs: number): number {
  return promisedMs + 10 * usualMs;
}

/** `3.2 s` */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
