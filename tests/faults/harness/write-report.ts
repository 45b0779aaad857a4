import { collectFigures } from "./collect-figures.ts";
import { clientFaults } from "./fault-report.ts";

/** Vitest calls this once, and what it returns in the end: docs/faults.md. */
export function setup(): () => void {
  return collectFigures(new URL("../../../docs/faults.md", import.meta.url), clientFaults);
}
