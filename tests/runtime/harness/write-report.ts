import { cpus, totalmem } from "node:os";
import { collectFigures } from "../../faults/harness/collect-figures.ts";
import type { FaultDocument } from "../../faults/harness/fault-report.ts";

const rows = Array.from({ length: 23 }, (_, index) => `D${index + 1}`);

/** Vitest calls this once, and what it returns in the end: docs/runtime-faults.md. */
export function setup(): () => void {
  return collectFigures(new URL("../../../docs/runtime-faults.md", import.meta.url), runtimeFaults());
}

function runtimeFaults(): FaultDocument {
  return {
    title: "Faults of the runtime",
    command: "npm run test:runtime",
    suites:
      "a suite of `tests/runtime`: runtimes in processes of their own, agents and clients on real sockets, and faults on purpose",
    conditions: `these are\nof ${today()}, from ${machine()}, with agents and clients on the same cores`,
    rows: [...rows, "chaos"],
    columns: ["seen"],
  };
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

function machine(): string {
  const cores = cpus();
  const model = cores[0]?.model.trim() ?? "an unknown processor";
  return `${cores.length} cores (${model}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`;
}
