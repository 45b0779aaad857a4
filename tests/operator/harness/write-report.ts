import { collectFigures } from "../../faults/harness/collect-figures.ts";
import { operatorFaults } from "../../faults/harness/fault-report.ts";

/** Vitest calls this once, and what it returns in the end: docs/operator-faults.md. */
export function setup(): () => void {
  return collectFigures(new URL("../../../docs/operator-faults.md", import.meta.url), operatorFaults);
}
